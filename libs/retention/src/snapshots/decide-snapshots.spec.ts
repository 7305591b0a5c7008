import { describe, expect, it } from '@jest/globals';
import type { SnapshotItem } from '../items.js';
import { planRetention } from '../plan-retention.js';
import type { HouseholdPolicy, SnapshotRules } from '../policy/household-policy.js';
import { NOTHING, snapshot } from '../testing/sample-items.js';

function plan(
  snapshots: readonly SnapshotItem[],
  policy: HouseholdPolicy,
): ReturnType<typeof planRetention>['items'] {
  return planRetention({ ...NOTHING, policy, snapshots }).items;
}

/** Ids of what stays, with the codes of the reasons. */
function kept(
  snapshots: readonly SnapshotItem[],
  rules: SnapshotRules,
  more: HouseholdPolicy = {},
): Record<string, string> {
  return Object.fromEntries(
    plan(snapshots, { snapshots: rules, ...more })
      .filter(({ keep }) => keep)
      .map(({ id, reasons }) => [
        id,
        reasons.map(({ code, count }) => `${code}${count ?? ''}`).join(),
      ]),
  );
}

/** One a day at noon UTC, the newest on `last`. */
function daily(last: string, days: number): SnapshotItem[] {
  return Array.from({ length: days }, (_, back) =>
    snapshot(new Date(Date.parse(`${last}T12:00:00Z`) - back * 86_400_000).toISOString()),
  );
}

describe('snapshots', () => {
  it('keeps the newest n', () => {
    expect(kept([snapshot('2026-11-01'), ...daily('2026-11-20', 2)], { last: 2 })).toEqual({
      '2026-11-20T12:00:00.000Z': 'newest-complete,last1',
      '2026-11-19T12:00:00.000Z': 'last2',
    });
  });

  it('keeps what was taken less than a duration ago', () => {
    const items = ['2026-11-24T12:00:00Z', '2026-11-24T12:00:01Z', '2026-11-20T00:00:00Z'];

    expect(
      kept(
        items.map((time) => snapshot(time)),
        { within: '1d' },
      ),
    ).toEqual({
      '2026-11-24T12:00:01Z': 'newest-complete,within',
    });
  });

  it('keeps the newest of each period, and says which', () => {
    const [first] = plan([snapshot('2026-11-25T08:00:00Z')], {
      snapshots: { hourly: 1 },
      devices: { phone: { snapshots: { hourly: 2 } } },
    });

    expect(first).toEqual({
      ...{ id: '2026-11-25T08:00:00Z', kind: 'snapshot', group: 'phone', keep: true },
      reasons: [
        { code: 'newest-complete' },
        { code: 'hourly', count: 1, of: 2, period: '2026-11-25T09+01:00', from: 'device' },
      ],
    });
  });

  it('counts days by the household’s zone', () => {
    // Berlin: 23:30 on the 24th, 00:30 and 01:30 on the 25th.
    const items = ['2026-11-24T22:30:00Z', '2026-11-24T23:30:00Z', '2026-11-25T00:30:00Z'];

    expect(
      kept(
        items.map((time) => snapshot(time)),
        { daily: 5 },
      ),
    ).toEqual({
      '2026-11-24T22:30:00Z': 'daily2',
      '2026-11-25T00:30:00Z': 'newest-complete,daily1',
    });
  });

  it('adds up: each rule goes on where those before it end', () => {
    const names = Object.entries(kept(daily('2026-11-22', 100), { daily: 13, weekly: 8 }));

    expect(names).toHaveLength(13 + 8);
    // Weeks that end on the Sundays 22 and 15 November are days 1 and 8 already: they do not count.
    expect(names.find(([, reasons]) => reasons.includes('weekly'))).toEqual([
      '2026-11-08T12:00:00.000Z',
      'weekly1',
    ]);
  });

  it('does not lose a month to a week that reaches over its end', () => {
    // The week of Monday 26 January ends on 1 February.
    const items = ['2026-01-28', '2026-01-30', '2026-02-01', '2026-02-20'].map((day) =>
      snapshot(`${day}T12:00:00Z`),
    );

    expect(kept(items, { monthly: 2 })).toHaveProperty(['2026-01-30T12:00:00Z']);
    expect(kept(items, { weekly: 2, monthly: 2 })).toEqual({
      '2026-01-30T12:00:00Z': 'monthly1',
      '2026-02-01T12:00:00Z': 'weekly2',
      '2026-02-20T12:00:00Z': 'newest-complete,weekly1',
    });
  });

  it('counts the hour that comes twice as two', () => {
    const items = ['2026-10-25T00:30:00Z', '2026-10-25T01:30:00Z'].map((time) => snapshot(time));

    expect(Object.keys(kept(items, { hourly: 2 }))).toHaveLength(2);
  });

  it('counts each device on its own', () => {
    const items = [
      snapshot('2026-11-01', { deviceId: 'phone', id: 'a' }),
      snapshot('2026-11-02', { deviceId: 'pad', id: 'b' }),
    ];

    expect(Object.keys(kept(items, { last: 1 }))).toEqual(['a', 'b']);
  });

  it('neither sees nor counts what is pinned', () => {
    const items = [
      snapshot('2026-11-03', { pinned: true }),
      snapshot('2026-11-02'),
      snapshot('2026-11-01'),
    ];

    expect(kept(items, { last: 1 })).toEqual({
      '2026-11-03': 'pinned,newest-complete',
      '2026-11-02': 'last1',
    });
  });

  it('keeps an incomplete one until a complete one is newer', () => {
    const incomplete = { complete: false };
    const items = [
      snapshot('2026-11-01', incomplete),
      snapshot('2026-11-02'),
      snapshot('2026-11-03', incomplete),
      snapshot('2026-11-04', { ...incomplete, pinned: true }),
    ];

    expect(kept(items, { last: 5 })).toEqual({
      '2026-11-02': 'newest-complete,last1',
      '2026-11-03': 'incomplete-newest',
      '2026-11-04': 'pinned,incomplete-newest',
    });
    expect(plan(items, { snapshots: { last: 5 } })[0]).toMatchObject({
      keep: false,
      removedBy: 'superseded-incomplete',
    });
    expect(kept(items, { within: '30d' })['2026-11-01']).toBe('within');
  });

  it('keeps what was stored less than minimumKeep ago, whenever it was taken', () => {
    const items = [
      snapshot('2020-01-01', { storedAt: new Date('2026-11-24T00:00:00Z') }),
      snapshot('2020-01-02', { storedAt: new Date('2026-11-17T00:00:00Z') }),
      snapshot('2026-11-25'),
    ];

    expect(kept(items, { last: 1 }, { minimumKeep: '7d' })).toEqual({
      '2020-01-01': 'minimum-keep',
      '2026-11-25': 'newest-complete,minimum-keep,last1',
    });
    expect(plan(items, { snapshots: { last: 1 }, minimumKeep: '7d' })[0]?.reasons).toEqual([
      { code: 'minimum-keep', span: '7d', from: 'household' },
    ]);
  });

  it('is not fooled by a device whose clock runs ahead', () => {
    const items = [
      snapshot('2099-01-01', { storedAt: new Date('2026-11-01') }),
      snapshot('2026-11-02'),
      snapshot('2026-11-03'),
    ];

    expect(kept(items, { last: 1 })).toEqual({ '2026-11-03': 'newest-complete,last1' });
  });

  it('keeps everything of a device nobody wrote rules for', () => {
    const items = [snapshot('2026-11-01'), snapshot('2026-11-02', { deviceId: 'pad' })];
    const policy = { devices: { pad: { snapshots: { last: 1 } } } };

    expect(plan(items, policy).map(({ reasons }) => reasons.map(({ code }) => code))).toEqual([
      ['newest-complete', 'no-policy'],
      ['newest-complete', 'last'],
    ]);
  });

  it('breaks ties in time by id', () => {
    const items = ['b', 'c', 'a'].map((id) => snapshot('2026-11-01', { id }));

    expect(Object.keys(kept(items, { last: 2 }))).toEqual(['b', 'c']);
  });
});
