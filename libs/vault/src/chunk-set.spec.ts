import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ChunkSet } from './chunk-set.js';

/** Ordinals close together and far apart. */
const anyOrdinals = fc.array(fc.oneof(fc.nat(300), fc.integer({ min: 0, max: 2 ** 32 - 1 })), {
  maxLength: 200,
});

function setOf(ordinals: readonly number[]): ChunkSet {
  const set = new ChunkSet();
  set.add(ordinals);
  return set;
}

describe('ChunkSet', () => {
  it('holds every ordinal once, in whatever order and batches they are added', () => {
    fc.assert(
      fc.property(anyOrdinals, fc.nat(200), (ordinals, at) => {
        using one = setOf(ordinals);
        using two = setOf(ordinals.slice(at).toReversed());
        two.add(ordinals.slice(0, at));

        expect(one.size).toBe(new Set(ordinals).size);
        expect(one.equals(two)).toBe(true);
        expect(Buffer.compare(one.serialize(), two.serialize())).toBe(0);
      }),
    );
  });

  it('is the same again after it was stored', () => {
    fc.assert(
      fc.property(anyOrdinals, (ordinals) => {
        using set = setOf(ordinals);
        using read = ChunkSet.deserialize(set.serialize());

        expect(read.equals(set)).toBe(true);
        expect(read.size).toBe(set.size);
      }),
    );
  });

  it('is another set when one ordinal is another', () => {
    fc.assert(
      fc.property(anyOrdinals, fc.nat(1000), (ordinals, extra) => {
        fc.pre(!ordinals.includes(extra));
        using one = setOf(ordinals);
        using two = setOf([...ordinals, extra]);

        expect(one.equals(two)).toBe(false);
      }),
    );
  });

  it('is stored as RoaringFormatSpec says', () => {
    using run = setOf(Array.from({ length: 100 }, (_, at) => at));
    using sparse = setOf([1, 5, 65_536]);

    // Cookie 12347 with one container, which is a run (bitset 01): key 0, 99 + 1 values; one run, from 0, 99 further.
    expect(Buffer.from(run.serialize()).toString('hex')).toBe('3b3000000100006300010000006300');
    // Cookie 12346, two containers: key 0 with 1 + 1 values and key 1 with 0 + 1; they begin at 24 and 28.
    expect(Buffer.from(sparse.serialize()).toString('hex')).toBe(
      '3a300000020000000000010001000000180000001c000000010005000000',
    );
  });
});
