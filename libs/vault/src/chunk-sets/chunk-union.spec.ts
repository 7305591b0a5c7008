import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyOrdinals, serializeOrdinals } from '../testing/any-chunk-set.js';
import { ChunkUnion } from './chunk-union.js';

const END = 140_000;

describe('ChunkUnion', () => {
  it('has what one of its sets has, and nothing else', () => {
    fc.assert(
      fc.property(fc.array(anyOrdinals(END), { maxLength: 4 }), (sets) => {
        const union = new ChunkUnion(2 ** 32);
        for (const set of sets) union.add(serializeOrdinals(set));

        const all = new Set(sets.flatMap((set) => [...set]));
        for (let ordinal = 0; ordinal < END + 70_000; ordinal += 1)
          if (union.has(ordinal) !== all.has(ordinal)) throw new Error(`wrong at ${ordinal}`);
        expect(union.has(2 ** 32 - 1)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});
