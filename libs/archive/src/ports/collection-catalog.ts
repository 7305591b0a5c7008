import type { HouseholdId, PackId, RootId } from '@rootcellar/model';
import type { PackEntry, WrittenPack } from '@rootcellar/vault';

/** A live pack with its chunks, as a collector sees it. */
export interface LivePack {
  readonly id: PackId;
  readonly type: 1 | 2;
  readonly epoch: number;
  /** Bytes of the object. */
  readonly size: number;
  readonly sha256: Uint8Array;
  /** Sealed bytes of all its chunks, second copies and unneeded ones too. */
  readonly payload: number;
  /** Of the chunks that lie here, one each. */
  readonly ordinals: Uint32Array;
}

export interface PackChunk extends PackEntry {
  readonly ordinal: number;
}

/** A pack whose living chunks were copied to a new one. */
export interface RepackedSource {
  readonly id: PackId;
  readonly epoch: number;
  /** The roots whose chunk sets were looked at. Any other that needs the pack came later. */
  readonly roots: ReadonlySet<RootId>;
  /** What was copied. */
  readonly chunks: readonly PackChunk[];
}

/**
 * What collection does to packs: each step one short transaction that locks, checks again, and only then acts, so that uploads and
 * restores go on at any time (storage design §6). Idempotent by state.
 */
export interface CollectionCatalog {
  /**
   * Live packs behind `after` in id order that no root needs and no open upload holds become condemned; at most `most`.
   * @returns their number and bytes, and where to go on; undefined when there are no more
   */
  condemn(
    householdId: HouseholdId,
    after: PackId | undefined,
    most: number,
  ): Promise<{ packs: number; bytes: number; last: PackId | undefined }>;
  /**
   * Packs condemned for longer than `graceSeconds` become `deleting`, after checking again; and those whose deleting did not end.
   * At most `most`, and none of `but`.
   */
  takeCondemned(
    householdId: HouseholdId,
    which: {
      readonly graceSeconds: number;
      readonly most: number;
      readonly but: readonly PackId[];
    },
  ): Promise<readonly { readonly id: PackId; readonly size: number }[]>;
  /** The object is gone: so are the rows of its chunks; the pack's row stays as a tombstone. */
  noteDeleted(householdId: HouseholdId, packId: PackId): Promise<void>;
  /** Live packs behind `after` in id order that no open upload holds, at most `most`. */
  livePacks(
    householdId: HouseholdId,
    after: PackId | undefined,
    most: number,
  ): Promise<readonly LivePack[]>;
  /** The chunks that lie in these packs, by offset. */
  chunksOf(
    householdId: HouseholdId,
    packIds: readonly PackId[],
  ): Promise<ReadonlyMap<PackId, readonly PackChunk[]>>;
  rootsOf(packIds: readonly PackId[]): Promise<ReadonlyMap<PackId, ReadonlySet<RootId>>>;
  /** Whether anybody on this server sent something within the last seconds. */
  uploadsUnderway(seconds: number): Promise<boolean>;
  /** Before the object is written. */
  beginRepack(
    householdId: HouseholdId,
    pack: { readonly packId: PackId; readonly type: 1 | 2 },
  ): Promise<void>;
  /**
   * One transaction: the new pack goes live, the chunks move to it, the roots need it instead, the sources are condemned.
   * @returns false when anything happened to a source meanwhile; nothing has changed then
   */
  commitRepack(
    householdId: HouseholdId,
    pack: Omit<WrittenPack, 'holders'>,
    sources: readonly RepackedSource[],
  ): Promise<boolean>;
  /** What was written of a pack that will not go live is to be removed. */
  abandonPack(packId: PackId): Promise<void>;
  /** Which of these packs have a row whose object is to be there. */
  knownPacks(householdId: HouseholdId, packIds: readonly PackId[]): Promise<ReadonlySet<PackId>>;
  /** Objects without a row, seen now. @returns those that were first seen more than `hours` ago */
  noteOrphans(
    householdId: HouseholdId,
    keys: readonly string[],
    hours: number,
  ): Promise<readonly string[]>;
  /** Forgets the sightings of all others: they are gone or known. */
  keepOrphans(householdId: HouseholdId, keys: readonly string[]): Promise<void>;
  /** A line of the audit trail. */
  noteCollected(
    householdId: HouseholdId,
    line: { readonly subject: string; readonly bytes: number },
  ): Promise<void>;
}
