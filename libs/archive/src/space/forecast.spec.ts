import { describe, expect, it } from '@jest/globals';
import type { StorageDay } from '../ports/space-catalog.js';
import { forecast } from './forecast.js';

/** So many bytes stored on the days of November, from the 1st on. */
function november(...stored: number[]): StorageDay[] {
  return stored.map((storedBytes, at) => ({
    day: `2026-11-${String(at + 1).padStart(2, '0')}`,
    ...{ logicalBytes: 0, neededBytes: 0, binBytes: 0, storedBytes },
  }));
}

const none = { budget: undefined, disk: undefined };

describe('a forecast', () => {
  it('goes on as the last days did, to the limit that comes first', () => {
    const history = november(100, 110, 120, 130);

    const found = forecast({ history, limits: { budget: 1000, disk: 180 } });

    expect(found).toMatchObject({ bytesPerDay: 10, days: 4, limit: 'disk', limitBytes: 180 });
    expect(found?.fullOn).toBe('2026-11-09');
  });

  it('looks at days, not at how many were noted', () => {
    const history = november(100, 110, 120, 130).filter(({ day }) => day !== '2026-11-02');

    expect(forecast({ history, limits: { ...none, budget: 180 } })?.bytesPerDay).toBe(10);
  });

  it('names no day when nothing grows, or only in decades', () => {
    const still = forecast({ history: november(5, 5, 5), limits: { ...none, disk: 10 } });
    const slow = forecast({ history: november(1, 2, 3), limits: { ...none, disk: 10_000 } });

    expect([still?.fullOn, slow?.fullOn]).toEqual([undefined, undefined]);
  });

  it('of what is over its limit already is now', () => {
    const found = forecast({ history: november(1, 20, 30), limits: { ...none, budget: 10 } });

    expect(found?.fullOn).toBe('2026-11-03');
  });

  it('says nothing without a limit, or of two days', () => {
    expect(forecast({ history: november(1, 2, 3), limits: none })).toBeUndefined();
    expect(forecast({ history: november(1, 2), limits: { ...none, disk: 9 } })).toBeUndefined();
  });
});
