import { RoaringBitmap32, SerializationFormat } from 'roaring-wasm';
import { ChunkUnion } from './chunk-union.js';
import { ORDINALS_MAX } from './chunk-weights.js';

/**
 * The union of serialised sets, serialised like every chunk set. One of them needs to be in memory at a time.
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function unionChunkSets(sets: Iterable<Uint8Array>): Uint8Array {
  const union = new ChunkUnion(ORDINALS_MAX);
  for (const set of sets) union.add(set);
  const bitmap = new RoaringBitmap32();
  try {
    union.drain((base, borders, length) => {
      for (let index = 0; index < length; index += 2) {
        bitmap.addRange(base + (borders[index] ?? 0), base + (borders[index + 1] ?? 0));
      }
    });
    // Where both take the same room a container stays what it was, and ranges make runs: as if from single ordinals.
    bitmap.removeRunCompression();
    bitmap.runOptimize();
    return bitmap.serialize(SerializationFormat.portable);
  } finally {
    bitmap.dispose();
  }
}
