import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { formatDuration } from './format-duration.js';

describe('formatDuration', () => {
  it.each([
    [0, '0 s'],
    [0.4, '0 s'],
    [59.4, '59 s'],
    [59.6, '1 min 0 s'],
    [185, '3 min 5 s'],
    [3599.7, '1 h 0 min'],
    [7800, '2 h 10 min'],
    [-3, '0 s'],
    [Number.NaN, '?'],
    [Number.POSITIVE_INFINITY, '?'],
  ])('writes %d seconds as %s', (seconds, text) => {
    expect(formatDuration(seconds)).toBe(text);
  });

  it('never shows sixty of a smaller unit', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e7, noNaN: true }), (seconds) => {
        expect(formatDuration(seconds)).not.toMatch(/\b60 (s|min)\b/);
      }),
    );
  });
});
