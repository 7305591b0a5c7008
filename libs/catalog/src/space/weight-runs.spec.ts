import { describe, expect, it } from '@jest/globals';
import { joinWeights } from './weight-runs.js';
import type { WeightRow } from './weight-runs.js';

function row(first: number, ...weights: readonly number[]): WeightRow {
  const head = Buffer.alloc(8);
  head.writeBigInt64BE(BigInt(first));
  const packed = Buffer.alloc(4 * weights.length);
  for (const [at, weight] of weights.entries()) packed.writeUInt32BE(weight, 4 * at);
  return [head, packed];
}

describe('joinWeights', () => {
  it('joins rows that follow one another', () => {
    const rows = [row(0, 28, 4_194_332), row(2, 30), row(2 ** 31, 31), row(7)];

    expect(joinWeights(rows)).toEqual([
      { first: 0, weights: Uint32Array.of(28, 4_194_332, 30) },
      { first: 2 ** 31, weights: Uint32Array.of(31) },
      { first: 7, weights: new Uint32Array(0) },
    ]);
  });

  it('of no rows is nothing', () => {
    expect(joinWeights([])).toEqual([]);
  });
});
