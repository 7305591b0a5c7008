import { describe, expect, it } from '@jest/globals';
import { decodeWeights } from './packed-weights.js';

function row(first: number, ...weights: readonly number[]): Buffer {
  const packed = Buffer.alloc(12 + 4 * weights.length);
  packed.writeBigInt64BE(BigInt(first));
  packed.writeUInt32BE(4 * weights.length, 8);
  for (const [at, weight] of weights.entries()) packed.writeUInt32BE(weight, 12 + 4 * at);
  return packed;
}

describe('decodeWeights', () => {
  it('joins rows that follow one another', () => {
    const packed = Buffer.concat([row(0, 28, 4_194_332), row(2, 30), row(2 ** 31, 31), row(7)]);

    expect(decodeWeights(packed)).toEqual([
      { first: 0, weights: Uint32Array.of(28, 4_194_332, 30) },
      { first: 2 ** 31, weights: Uint32Array.of(31) },
      { first: 7, weights: new Uint32Array(0) },
    ]);
  });

  it('of no rows is nothing', () => {
    expect(decodeWeights(Buffer.alloc(0))).toEqual([]);
  });
});
