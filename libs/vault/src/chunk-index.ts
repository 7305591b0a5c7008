import type { ChunkId, PackId, UploadId } from '@rootcellar/model';
import type { PackEntry, PackType } from './pack-format.js';
import type { ChunkHead } from './sealed-chunk.js';

/** Where a stored chunk lies. */
export interface ChunkLocation extends ChunkHead {
  readonly packId: PackId;
  readonly offset: number;
  readonly sealedLength: number;
  /** The chunk's number inside the household: dense, never given twice. */
  readonly ordinal: number;
  /** The pack's age in state changes; a root may only be committed on the epoch that was seen. */
  readonly packEpoch: number;
}

export interface WrittenPack {
  readonly packId: PackId;
  readonly type: PackType;
  /** Bytes of the object. */
  readonly size: number;
  readonly sha256: Uint8Array;
  readonly entries: readonly PackEntry[];
  /** Open uploads that put chunks in it: the pack is pinned for each. */
  readonly holders: readonly UploadId[];
}

/**
 * Which chunks one household has and where. Ids go in and out in the order given; at most {@link INDEX_BATCH} a call.
 * `verifyChunkIndex` (`./testing`) is what an implementation must pass.
 */
export interface ChunkIndex {
  /**
   * Says for each id whether a live pack holds it. The packs of those that are held are pinned for `holder` in the same
   * transaction that saw them live: they stay until the upload ends. For an upload that has ended nothing is held.
   */
  pinHeld(ids: readonly ChunkId[], holder: UploadId): Promise<boolean[]>;

  /** The same, and tells the number of each chunk that is held; `undefined` for what is not. */
  pinNumbered(ids: readonly ChunkId[], holder: UploadId): Promise<(number | undefined)[]>;

  /** Where the chunks lie, for reading; `undefined` for what is not stored (or only in a deleted pack). */
  locate(ids: readonly ChunkId[]): Promise<(ChunkLocation | undefined)[]>;

  /** Before the object is written: a crash from here on leaves a row by which the object can be found and removed. */
  beginPack(pack: {
    readonly packId: PackId;
    readonly type: PackType;
    readonly holder: UploadId;
  }): Promise<void>;

  /**
   * After the object is durable: the pack goes live and its chunks become visible, in one transaction. A chunk that another
   * live pack already holds stays where it was, and that pack is pinned for the holders too.
   */
  commitPack(pack: WrittenPack): Promise<void>;

  /** The object could not be written; whatever is left of it will be removed. */
  abandonPack(packId: PackId): Promise<void>;
}

/** Chunks that whoever sends proved to have: bytes it sent, or that its own roots need. Numbers are those of {@link ChunkLocation}. */
export interface ProvenChunks {
  has(ordinal: number): boolean;
}

/** The most ids one call of {@link ChunkIndex} takes. */
export const INDEX_BATCH = 4096;
