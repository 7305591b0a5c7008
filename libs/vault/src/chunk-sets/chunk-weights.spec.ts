import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyOrdinals, serializeOrdinals } from '../testing/any-chunk-set.js';
import { ChunkWeights } from './chunk-weights.js';

const anyBatches = fc.array(
  fc.record({
    gap: fc.nat(5),
    weights: fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 20 }),
    asBytes: fc.boolean(),
  }),
  { maxLength: 10 },
);

function asBytes(weights: readonly number[]): Buffer {
  const bytes = Buffer.alloc(4 * weights.length);
  for (const [at, weight] of weights.entries()) bytes.writeUInt32LE(weight, 4 * at);
  return bytes;
}

describe('ChunkWeights', () => {
  it('weighs what it was given, in batches, in words or bytes, with gaps', () => {
    fc.assert(
      fc.property(anyBatches, anyOrdinals(200), (batches, ordinals) => {
        const weights = new ChunkWeights();
        const set = serializeOrdinals(ordinals);
        const expected: number[] = [];

        for (const { gap, weights: batch, asBytes: bytes } of batches) {
          if (batch.length > 0) expected.push(...Array.from({ length: gap }, () => 0));
          weights.append(expected.length, bytes ? asBytes(batch) : Uint32Array.from(batch));
          expected.push(...batch);

          const sum = [...ordinals].reduce((total, ordinal) => total + (expected[ordinal] ?? 0), 0);
          expect(weights.bytesOf(set)).toBe(sum);
        }

        expect(weights.size).toBe(expected.length);
        expect([...weights.values]).toEqual(expected);
      }),
    );
  });

  it('refuses weights for ordinals that have theirs, and halves of weights', () => {
    const weights = new ChunkWeights();
    weights.append(3, Uint32Array.of(10));

    expect(() => weights.append(3, Uint32Array.of(11))).toThrow(RangeError);
    expect(() => weights.append(4, Buffer.alloc(6))).toThrow(RangeError);
    expect(() => weights.append(2 ** 32, Uint32Array.of(1))).toThrow(RangeError);
    expect(weights.bytesOf(serializeOrdinals([2, 3, 4]))).toBe(10);
  });
});
