import { describe, expect, it } from '@jest/globals';
import { describeDuration, durationMs, isDuration } from './duration.js';

const DAY = 86_400_000;

describe('durations', () => {
  it.each([
    ['5h', 5 * 3_600_000, '5 hours'],
    ['1d', DAY, '1 day'],
    ['2w', 14 * DAY, '2 weeks'],
    ['3m', 90 * DAY, '3 months'],
    ['1y', 365 * DAY, '1 year'],
    ['0d', 0, '0 days'],
    ['10000y', 3_650_000 * DAY, '10000 years'],
  ])('%s is exact', (text, ms, described) => {
    expect(isDuration(text)).toBe(true);
    expect(durationMs(text)).toBe(ms);
    expect(describeDuration(text)).toBe(described);
  });

  it.each(['', 'd', '1', '1 d', '1.5d', '-1d', '10001d', '1D', '1s', '1d ', '١d', '1dd'])(
    '%p is none',
    (text) => {
      expect(isDuration(text)).toBe(false);
    },
  );
});
