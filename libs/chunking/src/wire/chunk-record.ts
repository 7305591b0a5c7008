import { CHUNK_HEAD_BYTES, writeChunk } from './chunk-head.js';
import type { ChunkHead } from './chunk-head.js';
import { RECORD } from './entry.js';

/** What record 3 of a file stream adds to a chunk's body. */
export const CHUNK_RECORD_BYTES = 1 + CHUNK_HEAD_BYTES;

/**
 * Writes record 3 of a file stream.
 * @returns bytes written, `CHUNK_RECORD_BYTES + body.length`; a RangeError when the rest of `target` is too small
 */
export function writeChunkRecord(
  target: Uint8Array,
  at: number,
  head: ChunkHead,
  body: Uint8Array,
): number {
  target[at] = RECORD.chunk;
  writeChunk(target, at + 1, head, body);
  return CHUNK_RECORD_BYTES + body.length;
}
