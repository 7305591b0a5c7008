import { describe, expect, it } from '@jest/globals';
import { clockTrouble, confirmationsNeeded } from './rails.js';
import type { RailItem } from './rails.js';

const items = (kind: RailItem['kind'], group: string, ...ids: string[]): RailItem[] =>
  ids.map((id) => ({ ...{ id, kind, group } }));
const SNAPSHOTS = items('snapshot', 'phone', 's1', 's2', 's3', 's4');
const VERSIONS = [
  ...items('version', 'app.notes', 'n1', 'n2'),
  ...items('version', 'app.mail', 'm1', 'm2', 'm3', 'm4'),
];
const HALF = { reason: 'more-than-half', name: 'The Cellars' };

const needed = (removed: string[], bytes: { bytesRemoved?: number; bytesTotal?: number } = {}) =>
  confirmationsNeeded({
    ...{ items: [...SNAPSHOTS, ...VERSIONS], removed: new Set(removed) },
    ...{ householdName: 'The Cellars', ...bytes },
  });

describe('confirmationsNeeded', () => {
  it('is content with up to half of each kind', () => {
    expect(needed([])).toEqual([]);
    expect(needed(['s1', 's2', 'n1', 'm1', 'm2'])).toEqual([]);
  });

  it('asks when more than half goes, of one kind or of the bytes', () => {
    expect(needed(['s1', 's2', 's3'])).toEqual([HALF]);
    expect(needed(['n1', 'm1', 'm2', 'm3'])).toEqual([HALF]);
    expect(needed(['s1'], { bytesRemoved: 51, bytesTotal: 100 })).toEqual([HALF]);
    expect(needed(['s1'], { bytesRemoved: 50, bytesTotal: 100 })).toEqual([]);
    expect(needed(['s1'], { bytesRemoved: 51 })).toEqual([]);
  });

  it('asks for each app that loses its last file', () => {
    expect(needed(['n1', 'n2'])).toEqual([{ reason: 'last-version', name: 'app.notes' }]);
    expect(needed(VERSIONS.map(({ id }) => id))).toEqual([
      HALF,
      { reason: 'last-version', name: 'app.notes' },
      { reason: 'last-version', name: 'app.mail' },
    ]);
  });

  it('asks nothing where there is nothing', () => {
    const nothing = { items: [], removed: new Set<string>(), householdName: 'x' };

    expect(confirmationsNeeded({ ...nothing, bytesRemoved: 0, bytesTotal: 0 })).toEqual([]);
  });
});

describe('clockTrouble', () => {
  const now = new Date('2026-11-25T12:00:00Z');
  const hoursAgo = (hours: number): Date => new Date(now.getTime() - hours * 3_600_000);

  it.each([
    [undefined, undefined],
    [hoursAgo(0), hoursAgo(0)],
    [hoursAgo(9000), hoursAgo(25)],
    [hoursAgo(1), undefined],
  ])('sees none with the newest of %s, last seen %s', (newestStoredAt, lastSeenAt) => {
    expect(clockTrouble({ now, newestStoredAt, lastSeenAt })).toBeUndefined();
  });

  it.each([
    [hoursAgo(-0.001), undefined, 'clock-behind', 'something was stored'],
    [hoursAgo(5), hoursAgo(-1), 'clock-behind', 'retention last ran'],
    [hoursAgo(-1), hoursAgo(100), 'clock-behind', 'something was stored'],
    [undefined, hoursAgo(25.001), 'gap', '25 hours ago'],
  ])('sees some with the newest of %s, last seen %s', (newestStoredAt, lastSeenAt, code, says) => {
    expect(clockTrouble({ now, newestStoredAt, lastSeenAt })).toEqual({
      code,
      message: expect.stringContaining(says),
    });
  });
});
