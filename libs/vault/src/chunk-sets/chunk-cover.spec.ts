import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyOrdinals, serializeOrdinals } from '../testing/any-chunk-set.js';
import { ChunkCounts } from './chunk-counts.js';
import { ChunkCover } from './chunk-cover.js';
import { ChunkWeights } from './chunk-weights.js';
import { ExclusiveBytes } from './exclusive-bytes.js';

const DAMAGED = expect.objectContaining({ code: 'CHUNK_SET_DAMAGED' });
const END = 80_000;

/** Weights that do not always reach to the last ordinal. */
const anyWeights = fc.constantFrom(0, 1000, 70_000, END).map((size) => {
  const weights = new ChunkWeights();
  weights.append(
    0,
    Uint32Array.from({ length: size }, (_, at) => (at % 7 === 0 ? 2 ** 32 - 1 : 28 + (at % 1000))),
  );
  return weights;
});
const anySets = fc
  .array(fc.tuple(anyOrdinals(END), fc.boolean()), { minLength: 1, maxLength: 6 })
  .map((roots) => roots.map(([ordinals, runs]) => serializeOrdinals(ordinals, { runs })));

describe('ChunkCover', () => {
  it('grows by what a counter says is needed that was not before', () => {
    fc.assert(
      fc.property(anySets, anyWeights, (sets, weights) => {
        const counts = ChunkCounts.of(weights, []);
        const cover = new ChunkCover(weights);
        for (const set of sets) {
          const lacked = cover.lackedBytes(set);
          const needed = counts.restore(set);

          expect(lacked).toBe(needed);
          expect(cover.add(set)).toBe(needed);
          expect(cover.bytes).toBe(counts.bytes);
          expect(cover.lackedBytes(set, 0)).toBe(0);
        }
      }),
      { numRuns: 40 },
    );
  });

  it('says of what is more than asked for only that it is more', () => {
    fc.assert(
      fc.property(anySets, anyWeights, fc.nat(1e9), ([set], weights, most) => {
        const cover = new ChunkCover(weights);
        const all = cover.lackedBytes(set ?? new Uint8Array(0));
        const told = cover.lackedBytes(set ?? new Uint8Array(0), most);

        expect(told > most).toBe(all > most);
        expect(all > most ? all : told).toBe(all);
      }),
      { numRuns: 40 },
    );
  });

  it('gives what sets have together and it does not, as runs, and what of these is in one group only', () => {
    const anyGroups = fc.array(anySets, { maxLength: 4 });
    fc.assert(
      fc.property(anySets, anyGroups, anyWeights, (kept, groups, weights) => {
        const cover = new ChunkCover(weights);
        for (const set of kept) cover.add(set);
        const counts = ChunkCounts.of(weights, [...kept, ...groups.flat()]);
        const exclusive = new ExclusiveBytes(weights);
        const lists = groups.map((sets) => [
          cover.lackedRuns(sets.slice(0, 2)),
          cover.lackedRuns(sets.slice(2)),
        ]);
        const expected = groups.map((sets) => counts.freedBytes(sets));

        expect(exclusive.of(lists)).toEqual(expected);
        // Nothing is left of the first time.
        expect(exclusive.of(lists)).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it('gives no memory to a set that reaches far beyond all chunks', () => {
    const cover = new ChunkCover(new ChunkWeights());

    expect(() => cover.add(serializeOrdinals([2 ** 32 - 1]))).toThrow(DAMAGED);
    expect(() => cover.lackedBytes(Buffer.of(1))).toThrow(DAMAGED);
  });
});
