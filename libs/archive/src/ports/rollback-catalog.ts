import type {
  AppVersionId,
  ArtifactId,
  DeviceId,
  HouseholdId,
  MemberId,
  RollbackPlanId,
  SnapshotId,
} from '@rootcellar/model';
import type { RollbackPlanContent, RollbackState } from '../rollback/rollback-plan.js';
import type { AuditLine } from './audit-trail.js';
import type { Membership } from './people-catalog.js';

/** A device its reader may see now. */
export interface RollbackDevice {
  readonly id: DeviceId;
  readonly udid: string;
  readonly name: string;
  readonly productType: string | undefined;
  readonly productVersion: string | undefined;
}

/** A version as a backup or package names it. */
export interface NamedVersion {
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
}

/** A snapshot of the device, or of one it replaced, and what it says of the app. */
export interface SeenSnapshot {
  readonly id: SnapshotId;
  readonly ownerId: MemberId;
  readonly takenAt: Date;
  readonly encrypted: boolean;
  readonly complete: boolean;
  readonly productVersion: string | undefined;
  /** Read by a share only. */
  readonly lent: boolean;
  /** By a share, and of some apps' data only. */
  readonly partly: boolean;
  /** Undefined: the backup does not list the app. */
  readonly app:
    (NamedVersion & { readonly name: string | undefined; readonly offloaded: boolean }) | undefined;
}

export interface KeptPackage extends NamedVersion {
  readonly artifactId: ArtifactId;
  readonly bundleId: string;
  readonly versionId: AppVersionId;
  readonly appName: string;
  readonly fileName: string;
  readonly sha256: string;
  readonly size: number;
  readonly addedAt: Date;
  /** What the package says of itself, as it was kept. */
  readonly facts: Readonly<Record<string, unknown>>;
}

export interface NewRollbackPlan {
  readonly id: RollbackPlanId;
  readonly householdId: HouseholdId;
  readonly memberId: MemberId;
  readonly content: RollbackPlanContent;
  readonly restsOn: RestsOn;
  readonly expiresAt: Date;
}

/** The facts of which a plan is made: when one changes, it expires. */
export interface RestsOn {
  readonly newestSnapshotId: SnapshotId | null;
  readonly dataSnapshotId: SnapshotId | null;
  readonly artifactId: ArtifactId | null;
  /** What the newest backup said is installed; null: it did not list the app. */
  readonly installed: NamedVersion | null;
}

/** A plan as it was kept. */
export interface StoredRollbackPlan extends NewRollbackPlan {
  readonly state: RollbackState;
  readonly stateAt: Date;
  readonly backupSnapshotId: SnapshotId | undefined;
  readonly createdAt: Date;
  /** Its first step was started once. */
  readonly begun: boolean;
}

/** What of a plan's ground its maker may read now. */
export interface PlanGround {
  readonly deviceVisible: boolean;
  readonly artifactReadable: boolean;
  readonly dataReadable: boolean;
  readonly newest: Pick<SeenSnapshot, 'id' | 'app'> | undefined;
}

export interface AppWishes {
  /** The first version that wants a subscription: what it shows, or the store's number of it. */
  readonly subscriptionFrom: string | undefined;
  /** The version that is to stay on the device. */
  readonly held: NamedVersion | undefined;
}

/** What rollback plans are made of, through the gate: what a member may not read is not there. */
export interface RollbackCatalog {
  findDevice(reader: Membership, id: DeviceId): Promise<RollbackDevice | undefined>;
  /** Newest first by when they were taken, at most 2,000; none of the bin. */
  snapshots(
    reader: Membership,
    deviceId: DeviceId,
    bundleId: string,
  ): Promise<readonly SeenSnapshot[]>;
  /** All packages of an app, any order; none of the bin. */
  packages(reader: Membership, bundleId: string): Promise<readonly KeptPackage[]>;
  /** What the household says of an app, and of a device that is the reader's to see. */
  wishes(
    householdId: HouseholdId,
    app: { readonly bundleId: string; readonly deviceId: DeviceId },
  ): Promise<AppWishes>;
  save(plan: NewRollbackPlan, lines: readonly AuditLine[]): Promise<void>;
  /** A plan of the reader's own. */
  find(reader: Membership, id: RollbackPlanId): Promise<StoredRollbackPlan | undefined>;
  ground(reader: Membership, plan: StoredRollbackPlan): Promise<PlanGround>;
}
