import { describe, expect, it } from '@jest/globals';
import { quantile } from './route-figures.js';

describe('quantile', () => {
  const buckets = new Map([
    [0.1, 50],
    [1, 90],
    [2, 100],
    [Infinity, 100],
  ]);

  it.each([
    [0.5, 0.1],
    [0.7, 0.55],
    [0.95, 1.5],
    [1, 2],
  ])('lies evenly spread within its bucket: %d', (share, seconds) => {
    expect(quantile(buckets, share)).toBeCloseTo(seconds);
  });

  it('is the last known end when it is beyond', () => {
    expect(
      quantile(
        new Map([
          [1, 0],
          [Infinity, 3],
        ]),
        0.5,
      ),
    ).toBe(1);
  });

  it('is 0 of nothing', () => {
    expect(quantile(new Map(), 0.5)).toBe(0);
  });
});
