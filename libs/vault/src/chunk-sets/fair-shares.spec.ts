import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChunkSet } from '../chunk-set.js';
import { ChunkWeights } from './chunk-weights.js';
import { FairShares } from './fair-shares.js';
import { lackingBytes } from './lacking-bytes.js';

const ORDINALS = 70_000;
const weights = new ChunkWeights();
weights.append(
  0,
  Uint32Array.from({ length: ORDINALS }, (_, ordinal) => 100 + (ordinal % 900)),
);

function setOf(ordinals: readonly number[]): Uint8Array {
  using set = new ChunkSet();
  set.add(ordinals);
  return set.serialize();
}

const anyOrdinals = fc.array(
  fc.oneof(fc.nat(30), fc.nat(ORDINALS - 1), fc.integer({ min: 65_530, max: 65_540 })),
  { maxLength: 60 },
);

describe('fair shares', () => {
  it('are each a part of what is shared, and all of what is not', () => {
    const shares = new FairShares(weights);
    shares.add('ada', [setOf([0, 1]), setOf([1, 2])]);
    shares.add('bob', [setOf([2, 3])]);
    shares.add('eve', [setOf([2])]);

    expect(shares.result()).toEqual({
      bytes: 100 + 101 + 102 + 103,
      shares: [
        { id: 'ada', neededBytes: 303, aloneBytes: 201, fairBytes: 201 + 34 },
        { id: 'bob', neededBytes: 205, aloneBytes: 103, fairBytes: 103 + 34 },
        { id: 'eve', neededBytes: 102, aloneBytes: 0, fairBytes: 34 },
      ],
    });
  });

  it('are what dividing chunk by chunk gives, and together what is stored', () => {
    fc.assert(
      fc.property(fc.array(fc.array(anyOrdinals, { maxLength: 3 }), { maxLength: 6 }), (groups) => {
        const shares = new FairShares(weights);
        for (const [at, sets] of groups.entries()) shares.add(String(at), sets.map(setOf));

        const { shares: found, bytes } = shares.result();

        const owned = groups.map((sets) => new Set(sets.flat()));
        const weigh = (ordinal: number): number => 100 + (ordinal % 900);
        const all = new Set(groups.flat(2));
        expect(bytes).toBe([...all].reduce((sum, ordinal) => sum + weigh(ordinal), 0));
        for (const [at, own] of owned.entries()) {
          const fair = [...own].reduce(
            (sum, ordinal) =>
              sum + weigh(ordinal) / owned.filter((other) => other.has(ordinal)).length,
            0,
          );
          expect(Math.abs((found[at]?.fairBytes ?? -1) - fair)).toBeLessThan(1.01);
        }
      }),
      { numRuns: 60 },
    );
  });
});

describe('what a set has that is not known', () => {
  it('is weighed chunk by chunk', () => {
    const known = new Set([1, 65_536]);

    expect(lackingBytes(setOf([0, 1, 2, 65_536, 65_537]), known, weights)).toBe(
      100 + 102 + (100 + (65_537 % 900)),
    );
  });
});
