/** A kept snapshot, as far as retention asks. */
export interface SnapshotItem {
  readonly id: string;
  readonly deviceId: string;
  /** Snapshots of one device that are counted apart: what belongs to different people. Without it, all are one line. */
  readonly line?: string;
  /** What the device says; its clock may be wrong. */
  readonly takenAt: Date;
  /** When it was stored here, by the service's clock. */
  readonly storedAt: Date;
  /** False when files were missing or damaged in what was pushed. */
  readonly complete: boolean;
  readonly pinned: boolean;
}

/** One stored file of an app version. Several may share a `versionId`: rules count versions, and keep all their files. */
export interface VersionItem {
  /** The artifact's id. */
  readonly id: string;
  readonly bundleId: string;
  readonly versionId: string;
  /** As shown to people, such as `4.10.2`. */
  readonly version: string | undefined;
  readonly build: string | undefined;
  /** The store's number of the version: decimal digits, rising with time. */
  readonly externalVersionId: string | undefined;
  readonly addedAt: Date;
  readonly minimumOs: string | undefined;
  /** `UIDeviceFamily`: 1 iPhone, 2 iPad, … Empty: unknown, counts as fitting. */
  readonly deviceFamilies: readonly number[];
  readonly pinned: boolean;
}

export interface InstalledApp {
  readonly bundleId: string;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
}

/** A device and what its newest backup says is on it. */
export interface DeviceFacts {
  readonly id: string;
  /** Such as `iPhone14,5`. Unknown: any package fits. */
  readonly productType: string | undefined;
  /** Its iOS, such as `18.2`. Unknown: `runnable` can say nothing about the device. */
  readonly productVersion: string | undefined;
  readonly installed: readonly InstalledApp[];
  /** Versions that are to stay on it, whatever its newest backup says. */
  readonly held?: readonly InstalledApp[];
}

export interface AppFacts {
  readonly bundleId: string;
  /** The first version that wants a subscription, when known. */
  readonly subscriptionFrom?:
    | { readonly version?: string | undefined; readonly externalVersionId?: string | undefined }
    | undefined;
}
