import type { InstallVerdict } from '@rootcellar/ios';
import type { ArtifactId, DeviceId, RollbackPlanId, SnapshotId } from '@rootcellar/model';

/** How far a rollback has come. Only forwards, but for `given-up`, which may follow any but `held`. */
export type RollbackState =
  'planned' | 'backed-up' | 'installed' | 'data-restored' | 'verified' | 'held' | 'given-up';

/** The steps, in their order. Their names are public: scripts and the agent go by them. */
export type RollbackStepName =
  'fresh-backup' | 'install-package' | 'put-data-back' | 'verify' | 'hold';

/** Something in one sentence, with a name for programs. */
export interface Said<Code extends string = string> {
  readonly code: Code;
  readonly text: string;
}

/** Why nothing can be done before that has changed. */
export type Blocking =
  'no-backup' | 'no-package' | 'not-installable' | 'installed-already' | 'asked-is-newer';

/** What should be known before. */
export type Warning =
  | 'backup-old'
  | 'not-on-device'
  | 'installed-unknown'
  | 'installed-already'
  | 'asked-is-newer'
  | 'install-unknown'
  | 'no-data'
  | 'data-locked'
  | 'data-incomplete'
  | 'data-of-older-version'
  | 'data-not-recent'
  | 'newest-encrypted'
  | 'keychain'
  | 'groups-of-nobody'
  | 'sinf-of-other-version';

/** Why a plan does not hold any more. */
export type ExpiryCode =
  | 'too-old'
  | 'newer-backup'
  | 'other-version-installed'
  | 'package-gone'
  | 'data-gone'
  | 'device-gone';

export interface PlannedVersion {
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
}

/** What the device's newest backup says of the app. */
export interface InstalledNow extends PlannedVersion {
  readonly snapshotId: SnapshotId;
  readonly takenAt: Date;
  /** The newest backup is encrypted: its data cannot be looked into. */
  readonly encrypted: boolean;
  /** False: the backup does not list the app; the version is the last one that was seen there. */
  readonly onDevice: boolean;
}

export interface PlannedPackage extends PlannedVersion {
  readonly artifactId: ArtifactId;
  readonly fileName: string;
  /** What it is called in a kit: plain letters, digits, dots and dashes. */
  readonly kitName: string;
  /** Bytes. */
  readonly size: number;
  /** 64 hex digits. */
  readonly sha256: string;
  /** How it was found: asked for, the last before the subscription, or the newest older one that fits. */
  readonly chosen: 'asked-for' | 'held' | 'before-subscription' | 'newest-older';
  /** By the App Store (FairPlay); null: its executable does not tell. */
  readonly storeEncrypted: boolean | null;
  /** Where the buyer's rights (sinf) and the store's description (iTunesMetadata.plist) are; `nowhere`: no readable backup has them either. */
  readonly sinf: StoreFilePlace;
  readonly metadata: StoreFilePlace;
  /** The backup that has what the package lacks. */
  readonly storeFilesFrom: SnapshotId | null;
}

export type StoreFilePlace = 'in-package' | 'in-backup' | 'nowhere';

/** The data that goes with the version. */
export interface PlannedData {
  readonly snapshotId: SnapshotId;
  readonly takenAt: Date;
  /** What was installed when it was taken. */
  readonly installed: PlannedVersion;
  readonly sameVersion: boolean;
  /** It is the newest backup itself. */
  readonly isNewest: boolean;
  /** False when files were missing or damaged when it was pushed. */
  readonly complete: boolean;
  readonly files: number;
  readonly bytes: number;
  readonly domains: readonly {
    readonly domain: string;
    readonly files: number;
    readonly bytes: number;
  }[];
}

/** A newer or the only snapshot of that time which is encrypted: nobody here can look into it. */
export interface LockedData {
  readonly snapshotId: SnapshotId;
  readonly takenAt: Date;
}

export type DowngradeCode =
  | 'database-version'
  | 'database-other-kind'
  | 'database-new'
  | 'database-gone'
  | 'tables-changed'
  | 'columns-changed'
  | 'log-left'
  | 'files-new'
  | 'files-gone'
  | 'not-looked-at';

/** Something an older version of the app may stumble over. */
export interface DowngradeFinding extends Said<DowngradeCode> {
  /** `<domain>/<path>` of the database or file it is about. */
  readonly path: string | null;
  /** `stumble`: an older app may refuse or misread it; `note`: worth knowing. */
  readonly weight: 'stumble' | 'note';
}

export interface DowngradeSafety {
  /**
   * `unchanged`: nothing changed its form; `changed`: see findings; `same-backup`: the data is the newest backup's own; `unknown`: there was
   * nothing that could be compared.
   */
  readonly verdict: 'unchanged' | 'changed' | 'same-backup' | 'unknown';
  /** One or two sentences for a person who worries. */
  readonly summary: string;
  readonly comparedWith: { readonly snapshotId: SnapshotId; readonly takenAt: Date } | null;
  readonly databases: number;
  readonly findings: readonly DowngradeFinding[];
}

export interface RollbackStep {
  readonly name: RollbackStepName;
  readonly title: string;
  readonly text: string;
  /** What to type, when it is done by hand. */
  readonly commands: readonly string[];
  /** False: there is nothing to do in this step. */
  readonly needed: boolean;
}

/** What a plan says. It is made once and does not change; whether it still holds is asked anew at each reading. */
export interface RollbackPlanContent {
  readonly app: { readonly bundleId: string; readonly name: string };
  readonly device: {
    readonly id: DeviceId;
    readonly udid: string;
    readonly name: string;
    readonly productType: string | null;
    readonly productVersion: string | null;
  };
  readonly installed: InstalledNow | null;
  readonly target: PlannedPackage | null;
  readonly installability: InstallVerdict | null;
  readonly data: PlannedData | null;
  readonly lockedData: LockedData | null;
  readonly downgrade: DowngradeSafety | null;
  readonly steps: readonly RollbackStep[];
  /** How the update is kept from coming back: what is known to work, and what nobody here has confirmed. */
  readonly updates: {
    readonly confirmed: readonly string[];
    readonly notConfirmed: readonly string[];
  };
  readonly blocking: readonly Said<Blocking>[];
  readonly warnings: readonly Said<Warning>[];
}

export interface RollbackPlan extends RollbackPlanContent {
  readonly id: RollbackPlanId;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  readonly state: RollbackState;
  readonly stateAt: Date;
  /** The backup that was made before anything else was done. */
  readonly backupSnapshotId: SnapshotId | null;
  readonly expired: boolean;
  readonly expiredBecause: readonly Said<ExpiryCode>[];
}
