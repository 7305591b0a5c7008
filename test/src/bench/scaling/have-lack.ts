import type { ChunkId } from '@rootcellar/model';
import { INDEX_BATCH } from '@rootcellar/vault';
import { filledId } from '../household/fill-packs.js';

/** Every so many-th id is of a chunk that is new. */
const NEW_EVERY = 10;
/** Beyond every ordinal that was given. */
const NEW_FROM = 2 ** 48;

/**
 * Batches as a backup asks them: what lay side by side when it was stored is asked for side by side, with something new in between.
 * Each begins anywhere, so it finds little of what it reads in PostgreSQL's own buffers.
 */
export function haveBatches(chunks: number, count: number): ChunkId[][] {
  return Array.from({ length: count }, () => {
    const first = Math.floor(Math.random() * Math.max(1, chunks - INDEX_BATCH));
    return Array.from({ length: INDEX_BATCH }, (_, at) =>
      filledId(first + at + (at % NEW_EVERY === 0 ? NEW_FROM : 0)),
    );
  });
}
