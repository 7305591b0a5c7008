import type { PackageContents, PackageStore } from '@rootcellar/ios';
import type { ArtifactFacts } from '../uploads/artifact-facts.js';
import type {
  ArtifactId,
  ChunkId,
  DeviceId,
  HouseholdId,
  MemberId,
  PackId,
  RootId,
  SnapshotId,
  UploadId,
} from '@rootcellar/model';
import type { ChunkNeeds } from '@rootcellar/vault';
import type { Membership } from './people-catalog.js';
import type { InstalledVersion } from './space-catalog.js';

/** A root about to become visible. */
export interface NewRoot {
  readonly id: RootId;
  readonly uploadId: UploadId;
  readonly householdId: HouseholdId;
  /** Whom it will belong to. */
  readonly memberId: MemberId;
  /** Whether the whole household reads it; without it by kind: packages yes, snapshots no. */
  readonly householdWide?: boolean;
  readonly manifest: ChunkId;
  readonly tree: ChunkId;
  readonly entries: number;
  readonly bytes: number;
  readonly newBytes: number;
  readonly storedBytes: number;
  readonly needs: ChunkNeeds;
}

export interface NewSnapshot {
  readonly id: SnapshotId;
  /** Whose the device is; undefined for the household's. */
  readonly deviceOwner: MemberId | undefined;
  readonly device: {
    readonly udid: string;
    readonly name: string;
    readonly productType: string | undefined;
    readonly productVersion: string | undefined;
  };
  readonly takenAt: Date | undefined;
  readonly files: number;
  readonly encrypted: boolean;
  readonly complete: boolean;
  readonly missingFiles: number;
  readonly damagedFiles: number;
  readonly buildVersion: string | undefined;
  readonly installed: readonly InstalledRecord[];
}

/** What a backup says about an app of the device. */
export interface InstalledRecord extends InstalledVersion {
  readonly name: string | undefined;
  readonly itemId: string | undefined;
  readonly releasedAt: Date | undefined;
  readonly purchasedAt: Date | undefined;
  /** Only its data were there: no version of it ran. */
  readonly offloaded: boolean;
  readonly fromStore: boolean;
  /** Who bought it, blinded: 32 bytes. */
  readonly buyer: Uint8Array | undefined;
  /** The store's numbers of the app's versions, oldest first. */
  readonly storeList: readonly string[] | undefined;
}

export interface NewArtifact {
  readonly id: ArtifactId;
  readonly sha256: string;
  readonly size: number;
  readonly fileName: string;
  readonly facts: ArtifactFacts;
  /** Undefined when the store's part cannot be read. */
  readonly store: PackageStore | undefined;
  /** Undefined when what is inside cannot be described: the package is kept all the same. */
  readonly contents: PackageContents | undefined;
}

/** `packs-changed`: a pack left the state it was seen in; count the root's needs anew and commit again. */
export type Commit<T> =
  ({ readonly status: 'committed' } & T) | { readonly status: 'packs-changed' };

export interface RootCatalog {
  /**
   * One transaction: locks the packs in id order, checks that each is live (or condemned, and brings it back) at the epoch it was
   * seen, writes root, packs and snapshot, ends the upload. The snapshot becomes visible here and only here.
   * @throws ArchiveError UPLOAD_NOT_OPEN, FORBIDDEN (the device is not whose it was said to be)
   */
  commitSnapshot(
    root: NewRoot,
    snapshot: NewSnapshot,
  ): Promise<Commit<{ readonly deviceId: DeviceId }>>;
  /** As above; `already-kept` when the same file was committed meanwhile, or lay in the bin: then it is back. */
  commitArtifact(
    root: NewRoot,
    artifact: NewArtifact,
  ): Promise<Commit<object> | { readonly status: 'already-kept'; readonly artifactId: ArtifactId }>;
}

/** What reading a root takes. */
export interface ReadableRoot {
  readonly id: RootId;
  readonly householdId: HouseholdId;
  /** Whom it belongs to. */
  readonly ownerId: MemberId;
  readonly tree: ChunkId;
  readonly bytes: number;
}

export interface ReadableSnapshot extends ReadableRoot {
  readonly udid: string;
  readonly encrypted: boolean;
  /** Bundle ids of the apps whose data alone may be read; undefined for all of the snapshot. */
  readonly only: readonly string[] | undefined;
  /** With `only`: what else the backup tells of, offloaded or not: its data would be in it. */
  readonly installed: readonly string[];
}

export interface ReadableArtifact extends ReadableRoot {
  readonly fileName: string;
  readonly sha256: string;
  readonly size: number;
}

/** Finds what a member may read; of what they may not, it knows nothing. */
export interface ReadingCatalog {
  findSnapshot(reader: Membership, id: SnapshotId): Promise<ReadableSnapshot | undefined>;
  findArtifact(reader: Membership, id: ArtifactId): Promise<ReadableArtifact | undefined>;
  /** Of these apps, those of which a package is kept that the reader may read. */
  keptApps(reader: Membership, bundleIds: readonly string[]): Promise<ReadonlySet<string>>;
}

/** A root as the catalog has it, to be checked against the vault. */
export interface RootRecord {
  readonly id: RootId;
  readonly tree: ChunkId;
  readonly manifest: ChunkId;
  readonly chunkSet: Uint8Array;
  readonly packs: ReadonlySet<PackId>;
}

export interface PackRecord {
  readonly id: PackId;
  readonly type: 1 | 2;
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly chunks: number;
}

/** What scrubbing and recovery go through. */
export interface MaintenanceCatalog {
  households(): Promise<readonly HouseholdId[]>;
  /** Live packs behind `after` in id order, at most 100. */
  livePacks(householdId: HouseholdId, after: PackId | undefined): Promise<readonly PackRecord[]>;
  /** Whether the rows of a pack's chunks say what the pack's own index says. */
  packRowsMatch(householdId: HouseholdId, packId: PackId, entries: Uint8Array): Promise<boolean>;
  noteVerified(packId: PackId): Promise<void>;
  /** Roots behind `after` in id order, at most 20. */
  roots(householdId: HouseholdId, after: RootId | undefined): Promise<readonly RootRecord[]>;
  /** Whether it is live still. */
  isLive(packId: PackId): Promise<boolean>;
  /** As it is now; undefined when it is gone. */
  root(householdId: HouseholdId, id: RootId): Promise<RootRecord | undefined>;
  /** Packs whose writing never ended, of uploads that are not open any more (or silent for an hour): now `deleting`. */
  takeUnfinishedPacks(): Promise<
    readonly { readonly householdId: HouseholdId; readonly packId: PackId }[]
  >;
  noteDeleted(packId: PackId): Promise<void>;
}
