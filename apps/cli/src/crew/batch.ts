import { CHUNK_FRAME_BYTES } from '@rootcellar/chunking';
import { CHUNK_ID_BYTES, chunkIdFromBytes } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';

/**
 * Plain bytes of one batch of chunks at the most: files that are read whole must fit, and so must two of the largest chunks. What a
 * batch costs on both sides, whatever is in it, is paid less often with large ones; an upload body holds 16 MiB.
 */
export const BATCH_MAX_BYTES = 15 * 1024 * 1024;
/** Chunks of one batch at the most; bounds what tiny files cost besides their bytes. */
export const BATCH_MAX_CHUNKS = 2048;
/** Memory for a batch: its chunks and the room for a frame's head before each. */
export const SLAB_BYTES = BATCH_MAX_BYTES + BATCH_MAX_CHUNKS * CHUNK_FRAME_BYTES;

/**
 * Chunks in shared memory, laid out as the upload body they may become: each behind the room for its frame's head. Which of
 * them are sent is decided later; compressing moves them together in place.
 */
export interface Batch {
  readonly memory: SharedArrayBuffer;
  readonly chunks: readonly BatchChunk[];
  /** 32 bytes a chunk. */
  readonly ids: Uint8Array;
}

export interface BatchChunk {
  /** Which of the files that were cut together. */
  readonly file: number;
  /** Where its plain bytes lie in the memory. */
  readonly at: number;
  readonly length: number;
  /** Do not try to compress it. */
  readonly raw: boolean;
}

export function idBytesAt(batch: Batch, index: number): Uint8Array {
  return batch.ids.subarray(index * CHUNK_ID_BYTES, (index + 1) * CHUNK_ID_BYTES);
}

export function idAt(batch: Batch, index: number): ChunkId {
  return chunkIdFromBytes(idBytesAt(batch, index));
}

/** Bytes of one ref in packed form: id and length. */
export const REF_BYTES = CHUNK_ID_BYTES + 4;

/** The chunks of one file of a batch as packed refs; of all files when it is left out. */
export function packRefs(batch: Batch, file?: number): Uint8Array {
  const wanted = batch.chunks.flatMap((chunk, index) =>
    file === undefined || chunk.file === file ? [index] : [],
  );
  const refs = Buffer.alloc(wanted.length * REF_BYTES);
  wanted.forEach((index, n) => {
    refs.set(idBytesAt(batch, index), n * REF_BYTES);
    refs.writeUInt32LE(batch.chunks[index]?.length ?? 0, n * REF_BYTES + CHUNK_ID_BYTES);
  });
  return refs;
}
