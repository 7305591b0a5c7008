import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyOrdinals, serializeOrdinals } from '../testing/any-chunk-set.js';
import { ChunkCounts } from './chunk-counts.js';
import { ChunkTally } from './chunk-tally.js';
import { ChunkWeights } from './chunk-weights.js';

const DAMAGED = expect.objectContaining({ code: 'CHUNK_SET_DAMAGED' });
const END = 80_000;

/** Roots as ordinals, some of them to be looked at, and weights that do not reach to the last of them. */
const anyRoots = fc.record({
  roots: fc.array(anyOrdinals(END), { minLength: 1, maxLength: 6 }),
  chosen: fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }),
  weights: fc.constantFrom(0, 1000, 70_000, END).map(weightsUpTo),
});

function weightsUpTo(size: number): ChunkWeights {
  const weights = new ChunkWeights();
  weights.append(
    0,
    Uint32Array.from({ length: size }, (_, at) => (at % 7 === 0 ? 2 ** 32 - 1 : 28 + (at % 1000))),
  );
  return weights;
}

/** Bytes of the ordinals that are in any of the first sets, and in none of the second. */
function bytesByReference(
  weights: ChunkWeights,
  these: readonly Iterable<number>[],
  others: readonly Iterable<number>[] = [],
): number {
  const ordinals = new Set(these.flatMap((root) => [...root]));
  for (const root of others) for (const ordinal of root) ordinals.delete(ordinal);
  let bytes = 0;
  for (const ordinal of ordinals) bytes += weights.values[ordinal] ?? 0;
  return bytes;
}

describe('ChunkCounts', () => {
  it('knows what all roots need, and what each alone does', () => {
    fc.assert(
      fc.property(anyRoots, ({ roots, weights }) => {
        const counts = ChunkCounts.of(
          weights,
          roots.map((root) => serializeOrdinals(root)),
        );

        expect(counts.bytes).toBe(bytesByReference(weights, roots));
        for (const root of roots) {
          const others = roots.filter((other) => other !== root);
          expect(counts.uniqueBytes(serializeOrdinals(root))).toBe(
            bytesByReference(weights, [root], others),
          );
        }
      }),
    );
  });

  it('knows what goes when some roots go together', () => {
    fc.assert(
      fc.property(anyRoots, ({ roots, chosen, weights }) => {
        const sets = roots.map((root) => serializeOrdinals(root));
        const counts = ChunkCounts.of(weights, sets);
        const these = roots.filter((_, at) => chosen[at] === true);
        const others = roots.filter((_, at) => chosen[at] !== true);
        const selection = sets.filter((_, at) => chosen[at] === true);

        expect(counts.freedBytes(selection)).toBe(bytesByReference(weights, these, others));
        expect(counts.freedBytes(sets)).toBe(counts.bytes);
        expect(counts.freedBytes([])).toBe(0);
      }),
    );
  });

  it('says for each root that goes what nobody needs any more, and takes it back', () => {
    fc.assert(
      fc.property(anyRoots, ({ roots, weights }) => {
        const sets = roots.map((root) => serializeOrdinals(root));
        const counts = ChunkCounts.of(weights, sets);
        const before = counts.bytes;

        const freed = sets.map((set, at) => {
          const bytes = counts.remove(set);
          const [root, left] = [roots[at] ?? [], roots.slice(at + 1)];
          expect(bytes).toBe(bytesByReference(weights, [root], left));
          expect(counts.bytes).toBe(bytesByReference(weights, left));
          return bytes;
        });
        expect(counts.bytes).toBe(0);
        const needed = sets.toReversed().map((set) => counts.restore(set));

        expect(needed).toEqual(freed.toReversed());
        expect(counts.bytes).toBe(before);
        const anew = ChunkCounts.of(weights, sets);
        expect(sets.map((set) => counts.uniqueBytes(set))).toEqual(
          sets.map((set) => anew.uniqueBytes(set)),
        );
      }),
      { numRuns: 50 },
    );
  });

  it('knows which chunks are needed', () => {
    const counts = ChunkCounts.of(weightsUpTo(10), [
      serializeOrdinals([1, 2]),
      serializeOrdinals([2, 70_000]),
    ]);

    counts.remove(serializeOrdinals([1, 2]));

    expect([0, 1, 2, 3, 70_000, 70_001, 2 ** 32 - 1].filter((at) => counts.isNeeded(at))).toEqual([
      2, 70_000,
    ]);
  });

  it('takes in new roots and their chunks', () => {
    const weights = new ChunkWeights();
    weights.append(0, Uint32Array.of(1, 2, 4));
    const counts = ChunkCounts.of(weights, [serializeOrdinals([0, 1])]);
    expect(counts.uniqueBytes(serializeOrdinals([0, 1]))).toBe(3);

    weights.append(3, Uint32Array.of(8, 16));
    const needed = counts.restore(serializeOrdinals([1, 3]));

    expect(needed).toBe(8);
    expect(counts.bytes).toBe(11);
    expect(counts.uniqueBytes(serializeOrdinals([0, 1]))).toBe(1);
    expect(counts.freedBytes([serializeOrdinals([1, 3])])).toBe(8);
  });

  it('weighs chunks that were counted before their weight was known', () => {
    const weights = new ChunkWeights();
    const counts = ChunkCounts.of(weights, [serializeOrdinals([0, 5])]);
    expect(counts.bytes).toBe(0);

    weights.append(0, Uint32Array.of(1, 2, 4));
    expect(counts.bytes).toBe(1);
    weights.append(3, Uint32Array.of(8, 16, 32));

    expect(counts.uniqueBytes(serializeOrdinals([0, 5]))).toBe(33);
    expect(counts.remove(serializeOrdinals([0, 5]))).toBe(33);
  });

  it('changes nothing by a damaged set', () => {
    const sound = serializeOrdinals([1, 70_000]);
    const damaged = Buffer.concat([sound, Buffer.of(0)]);
    const counts = ChunkCounts.of(weightsUpTo(100), [sound, serializeOrdinals([1])]);

    expect(() => counts.remove(damaged)).toThrow(DAMAGED);
    expect(() => counts.restore(damaged)).toThrow(DAMAGED);
    expect(() => counts.freedBytes([sound, damaged])).toThrow(DAMAGED);

    expect(counts.freedBytes([sound])).toBe(0);
    expect(counts.uniqueBytes(serializeOrdinals([1]))).toBe(0);
  });

  it('gives no memory to a set that reaches far beyond all chunks', () => {
    const far = serializeOrdinals([2 ** 32 - 1]);
    const counts = ChunkCounts.of(weightsUpTo(100), []);

    expect(() => counts.restore(far)).toThrow(DAMAGED);
    expect(() => ChunkCounts.of(weightsUpTo(100), [far])).toThrow(DAMAGED);
  });

  it('does not remove what was not counted', () => {
    const counts = ChunkCounts.of(weightsUpTo(100), [serializeOrdinals([1])]);

    expect(() => counts.remove(serializeOrdinals([2]))).toThrow('not counted');
    expect(() => counts.remove(serializeOrdinals([70_000]))).toThrow('not counted');
  });
});

describe('ChunkTally', () => {
  it('gives runs of one count, and begins anew', () => {
    fc.assert(
      fc.property(fc.array(anyRoots, { minLength: 1, maxLength: 2 }), (households) => {
        const tally = new ChunkTally(weightsUpTo(1000));
        for (const { roots } of households) {
          for (const root of roots) tally.add(serializeOrdinals(root));
          const expected = new Map<number, number>();
          for (const root of roots) {
            for (const ordinal of root) expected.set(ordinal, (expected.get(ordinal) ?? 0) + 1);
          }

          const drained = new Map<number, number>();
          tally.drain((first, end, count) => {
            for (let ordinal = first; ordinal < end; ordinal++) drained.set(ordinal, count);
          });

          expect(drained.size).toBe(expected.size);
          expect([...drained].every(([at, count]) => expected.get(at) === count)).toBe(true);
        }
      }),
      { numRuns: 30 },
    );
  });
});
