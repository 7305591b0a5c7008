/** Exactly one version of one app. */
export interface WantedVersion {
  readonly bundleId: string;
  /** The store's number of this very version. */
  readonly externalVersionId: string;
  /** The store's number of the app; finds apps that are not on sale any more. */
  readonly itemId?: string | undefined;
  /** Get a licence if the Apple ID has none: of a free app, as if it were got in the store. */
  readonly purchase: boolean;
}

/** Where versions can be had that nobody kept. Whose Apple ID it uses is between the user and that program. */
export interface AppStore {
  /**
   * Fetches that version into a folder.
   * @returns the file that came; whether it is what was asked for is the caller's to see
   * @throws ArchiveError STORE_…, INTERRUPTED
   */
  fetch(
    wanted: WantedVersion,
    into: string,
  ): Promise<{ readonly file: string; readonly purchased: boolean }>;
}
