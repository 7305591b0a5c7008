import fc from 'fast-check';
import { RoaringBitmap32, SerializationFormat } from 'roaring-wasm';

/** Enough for more than an array container, and for the noise to need a bitmap container. */
const NOISE_WINDOW = 16_384;
const RUN_MAX = 3000;

/**
 * Ordinals below `end`, each once, ascending: single ones, runs (over the border of a container too), and noise, of
 * which each kind of container is made.
 */
export function anyOrdinals(end: number): fc.Arbitrary<Uint32Array> {
  const single = fc.integer({ min: 0, max: end - 1 }).map((ordinal) => [ordinal]);
  const close = fc.integer({ min: 0, max: Math.min(end, 100) - 1 }).map((ordinal) => [ordinal]);
  const run = fc
    .tuple(fc.oneof(fc.constant(65_530), fc.nat(end - 1)), fc.integer({ min: 1, max: RUN_MAX }))
    .map(([first, length]) => Array.from({ length }, (_, at) => first + at));
  const noise = fc
    .tuple(fc.nat(end - 1), fc.integer({ min: 2, max: 40 }), fc.integer({ min: 1 }))
    .map(([first, of, seed]) => someOf(first, of, seed));
  const piece = fc.oneof(
    { arbitrary: single, weight: 4 },
    { arbitrary: close, weight: 4 },
    { arbitrary: run, weight: 3 },
    { arbitrary: noise, weight: 1 },
  );
  return fc
    .array(piece, { maxLength: 12 })
    .map((pieces) =>
      Uint32Array.from(new Set(pieces.flat().filter((ordinal) => ordinal < end))).sort(),
    );
}

/** Serialised by roaring-wasm; without `runs`, it has no run container. */
export function serializeOrdinals(
  ordinals: Iterable<number>,
  form: { readonly runs: boolean } = { runs: true },
): Uint8Array {
  const bitmap = new RoaringBitmap32(ordinals);
  try {
    if (form.runs) bitmap.runOptimize();
    else bitmap.removeRunCompression();
    return Buffer.from(bitmap.serialize(SerializationFormat.portable));
  } finally {
    bitmap.dispose();
  }
}

/** Real sets in which a few bytes are others. */
export function anyAlteredSet(): fc.Arbitrary<Uint8Array> {
  const change = fc.tuple(fc.oneof(fc.nat(40), fc.nat()), fc.nat(255));
  return fc
    .tuple(anyOrdinals(300_000), fc.boolean(), fc.array(change, { minLength: 1, maxLength: 4 }))
    .map(([ordinals, runs, changes]) => {
      const set = serializeOrdinals(ordinals, { runs });
      for (const [at, byte] of changes) set[at % set.length] = byte;
      return set;
    });
}

/** One of `of` ordinals of a window, without order. */
function someOf(first: number, of: number, seed: number): number[] {
  const threshold = 2 ** 32 / of;
  return Array.from({ length: NOISE_WINDOW }, (_, at) => first + at).filter(
    (ordinal) => mixed(ordinal + seed) < threshold,
  );
}

function mixed(value: number): number {
  const once = Math.imul(value ^ (value >>> 15), 0x2c1b3c6d);
  return Math.imul(once ^ (once >>> 12), 0x297a2d39) >>> 0;
}
