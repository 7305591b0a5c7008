import type { ProvenChunks } from '../chunk-index.js';
import type { ChunkWeights } from './chunk-weights.js';
import { forEachContainer } from './for-each-container.js';

/**
 * What the chunks of a serialised set weigh that are not among the given ones; sealed bytes.
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function lackingBytes(set: Uint8Array, known: ProvenChunks, weights: ChunkWeights): number {
  const { values } = weights;
  let bytes = 0;
  forEachContainer(set, (base, borders, length) => {
    for (let index = 0; index < length; index += 2) {
      const end = base + (borders[index + 1] ?? 0);
      for (let ordinal = base + (borders[index] ?? 0); ordinal < end; ordinal++) {
        if (!known.has(ordinal)) bytes += values[ordinal] ?? 0;
      }
    }
  });
  return bytes;
}
