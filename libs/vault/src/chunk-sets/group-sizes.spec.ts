import { describe, expect, it } from '@jest/globals';
import { isArchiveError } from '@rootcellar/model';
import fc from 'fast-check';
import { anyAlteredSet, anyOrdinals, serializeOrdinals } from '../testing/any-chunk-set.js';
import { ChunkWeights } from './chunk-weights.js';
import { checkChunkSet } from './for-each-container.js';
import { groupSizes, unionBytes } from './group-sizes.js';
import { unionChunkSets } from './union-chunk-sets.js';

const DAMAGED = expect.objectContaining({ code: 'CHUNK_SET_DAMAGED' });
const END = 80_000;

const anySets = fc.array(anyOrdinals(END), { maxLength: 4 });
const anyGroups = fc.array(anySets, { maxLength: 5 });
const anyWeights = fc.constantFrom(0, 1000, END).map((size) => {
  const weights = new ChunkWeights();
  weights.append(
    0,
    Uint32Array.from({ length: size }, (_, at) => 2 ** 32 - 1 - at),
  );
  return weights;
});

function bytesOf(ordinals: Iterable<number>, weights: ChunkWeights): number {
  let bytes = 0;
  for (const ordinal of ordinals) bytes += weights.values[ordinal] ?? 0;
  return bytes;
}

function unionOf(sets: readonly Iterable<number>[]): Set<number> {
  return new Set(sets.flatMap((set) => [...set]));
}

function serialized(sets: readonly Uint32Array[]): Uint8Array[] {
  return sets.map((set, at) => serializeOrdinals(set, { runs: at % 2 === 0 }));
}

describe('the sizes of groups', () => {
  it('count each chunk of a group once, and tell what no other group needs', () => {
    fc.assert(
      fc.property(anyGroups, anyWeights, (groups, weights) => {
        const sizes = groupSizes(
          groups.map((sets, at) => ({ id: `group ${at}`, sets: serialized(sets) })),
          weights,
        );

        const expected = groups.map((sets, at) => {
          const union = unionOf(sets);
          const others = unionOf(groups.filter((other) => other !== sets).flat());
          return {
            id: `group ${at}`,
            bytes: bytesOf(union, weights),
            uniqueBytes: bytesOf(
              [...union].filter((ordinal) => !others.has(ordinal)),
              weights,
            ),
          };
        });
        expect(sizes).toEqual(expected);
      }),
    );
  });

  it('give no memory to a set that reaches far beyond all chunks', () => {
    const far = serializeOrdinals([2 ** 32 - 1]);

    expect(() => groupSizes([{ id: 'one', sets: [far] }], new ChunkWeights())).toThrow(DAMAGED);
  });
});

describe('the union of chunk sets', () => {
  it('has each ordinal once, and is stored as every set is', () => {
    fc.assert(
      fc.property(anySets, anyWeights, (sets, weights) => {
        const union = unionChunkSets(serialized(sets));

        expect(Buffer.compare(union, serializeOrdinals(unionOf(sets)))).toBe(0);
        expect(unionBytes(serialized(sets), weights)).toBe(bytesOf(unionOf(sets), weights));
      }),
    );
  });

  it('reaches as far as ordinals do', () => {
    const union = unionChunkSets([serializeOrdinals([2 ** 32 - 1]), serializeOrdinals([0])]);

    expect(checkChunkSet(union)).toBe(2 ** 32);
  });

  it('tells damage as reading tells it', () => {
    const damageOf = (read: () => unknown): unknown => {
      try {
        read();
        return undefined;
      } catch (error) {
        return error;
      }
    };

    fc.assert(
      fc.property(anyAlteredSet(), (set) => {
        const union = damageOf(() => unionChunkSets([set]));

        expect(union).toEqual(damageOf(() => checkChunkSet(set)));
        expect(union === undefined || isArchiveError(union, 'CHUNK_SET_DAMAGED')).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  it('tells of a bitmap that has not as many bits as it says', () => {
    const bitmap = serializeOrdinals(
      Array.from({ length: 5000 }, (_, at) => 2 * at),
      { runs: false },
    );
    bitmap[20] = 0;

    expect(() => unionChunkSets([bitmap])).toThrow(DAMAGED);
  });
});
