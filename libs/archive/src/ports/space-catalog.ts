import type {
  ArtifactId,
  DeviceId,
  HouseholdId,
  MemberId,
  RootId,
  SnapshotId,
} from '@rootcellar/model';

/** What every root has, of what sizes and retention ask. */
interface RootFacts {
  /** Whom it belongs to. */
  readonly memberId: MemberId;
  /** Everybody of the household reads it. */
  readonly householdWide: boolean;
  /** Bytes of its files. */
  readonly logicalBytes: number;
  /** Sealed bytes of its chunks, shared or not; as noted by who weighed them first. */
  readonly neededBytes: number | undefined;
  readonly storedAt: Date;
  readonly pinned: boolean;
  /** Set while it is in the bin. */
  readonly bin: BinFacts | undefined;
}

export interface BinFacts {
  readonly forgottenAt: Date;
  /** Undo is possible until then. */
  readonly goneAfter: Date;
  /** The rule that removed it; without one, a member did. */
  readonly rule: string | undefined;
}

export interface SnapshotRoot extends RootFacts {
  readonly kind: 'snapshot';
  readonly id: SnapshotId;
  readonly deviceId: DeviceId;
  readonly deviceName: string;
  readonly takenAt: Date;
  readonly complete: boolean;
}

export interface ArtifactRoot extends RootFacts {
  readonly kind: 'artifact';
  readonly id: ArtifactId;
  readonly bundleId: string;
  readonly appName: string;
  readonly versionId: string;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
  readonly minimumOs: string | undefined;
  readonly deviceFamilies: readonly number[];
}

/** A snapshot or artifact, in the bin or not. */
export type KeptRoot = SnapshotRoot | ArtifactRoot;

/** Something a device's newest backup says is installed. */
export interface InstalledVersion {
  readonly bundleId: string;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
}

export interface Inventory {
  /** In id order. */
  readonly roots: readonly KeptRoot[];
  readonly devices: readonly {
    readonly id: DeviceId;
    readonly name: string;
    /** Undefined: the household's. */
    readonly ownerId: MemberId | undefined;
    /** The device it replaced. */
    readonly successorOf?: DeviceId | undefined;
    readonly productType: string | undefined;
    readonly productVersion: string | undefined;
    readonly installed: readonly InstalledVersion[];
    /** Versions that are to stay there. */
    readonly held: readonly InstalledVersion[];
  }[];
  readonly apps: readonly {
    readonly bundleId: string;
    readonly name: string;
    /** The first version that wants a subscription: its store number or the version shown. */
    readonly subscriptionFrom: string | undefined;
  }[];
  readonly members: readonly { readonly id: MemberId; readonly name: string }[];
}

/** Bytes of a household's packs, as objects in the store. */
export interface PackSpace {
  /** All packs that have an object. */
  readonly storedBytes: number;
  /** Of these, chunks; the rest is packs' own indexes. */
  readonly payloadBytes: number;
  /** Chunks in packs that only open uploads hold. */
  readonly uploadBytes: number;
  /** Packs that are condemned already and wait for their grace to end. */
  readonly condemnedBytes: number;
}

export interface StorageDay {
  /** `2026-11-25`, the household's day. */
  readonly day: string;
  readonly logicalBytes: number;
  readonly storedBytes: number;
  readonly neededBytes: number;
  readonly binBytes: number;
}

/** What sizes are made of. */
export interface SpaceCatalog {
  inventory(householdId: HouseholdId): Promise<Inventory>;
  /** Portable Roaring bitmaps of ordinals. A root's never changes. Roots that are gone are left out; at most 500 ids a call. */
  chunkSets(
    householdId: HouseholdId,
    ids: readonly RootId[],
  ): Promise<ReadonlyMap<RootId, Uint8Array>>;
  /** Of roots that were weighed; what one weighs never changes. */
  noteNeededBytes(householdId: HouseholdId, bytes: ReadonlyMap<RootId, number>): Promise<void>;
  /** Sealed lengths of the ordinals from `from` on, in runs; an ordinal's never changes. */
  weights(
    householdId: HouseholdId,
    from: number,
  ): Promise<readonly { readonly first: number; readonly weights: Uint32Array }[]>;
  packSpace(householdId: HouseholdId): Promise<PackSpace>;
  /** The last one of a day stays. */
  noteDay(householdId: HouseholdId, day: StorageDay): Promise<void>;
  /** The last `days` days, oldest first. */
  history(householdId: HouseholdId, days: number): Promise<readonly StorageDay[]>;
}
