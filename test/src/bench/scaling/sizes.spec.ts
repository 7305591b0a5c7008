import { describe, expect, it } from '@jest/globals';
import { rowsNamed } from '../rows.js';
import { largestSize, sizesOf } from './sizes.js';

describe('sizesOf', () => {
  it('are those that a row is of, from the smallest', () => {
    const rows = rowsNamed(['scaling-plan-large', 'scaling-have-8-small']);

    expect(sizesOf({ chunks: 5_000_000, rows })).toEqual([
      { name: 'small', chunks: 1_000_000 },
      { name: 'large', chunks: 20_000_000 },
    ]);
    expect(largestSize({ chunks: 5_000_000, rows })).toBe(20_000_000);
  });

  it('are none when no row is of any', () => {
    expect(largestSize({ chunks: 5_000_000, rows: rowsNamed(['plan']) })).toBe(0);
  });
});
