import type { VersionItem } from '../items.js';

/** A version and its files; what one of them does not say, another may. */
export interface AppVersion {
  readonly id: string;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
  /** Of the file that was added last. */
  readonly addedAt: Date;
  readonly files: readonly VersionItem[];
}

/** The versions of one app's files, in no particular order. */
export function groupVersions(items: readonly VersionItem[]): AppVersion[] {
  return [...Map.groupBy(items, ({ versionId }) => versionId)].map(([id, files]) => ({
    id,
    version: files.find(({ version }) => version !== undefined)?.version,
    build: files.find(({ build }) => build !== undefined)?.build,
    externalVersionId: files.find((file) => file.externalVersionId !== undefined)
      ?.externalVersionId,
    addedAt: files.map(({ addedAt }) => addedAt).reduce((a, b) => (a < b ? b : a)),
    files,
  }));
}
