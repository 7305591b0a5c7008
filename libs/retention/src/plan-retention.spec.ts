import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ItemDecision } from './decision.js';
import { planRetention } from './plan-retention.js';
import type { RetentionInput } from './plan-retention.js';
import { durationMs } from './policy/duration.js';
import type { HouseholdPolicy } from './policy/household-policy.js';
import {
  arbitraryApps,
  arbitraryDevices,
  arbitrarySnapshots,
  arbitraryVersions,
  arbitraryZone,
} from './testing/arbitrary-input.js';
import { arbitraryPolicy } from './testing/arbitrary-policy.js';
import { NOTHING, snapshot, version } from './testing/sample-items.js';
import { sampleLedger } from './testing/sample-ledger.js';
import type { SampleLedger } from './testing/sample-ledger.js';
import { isSameVersion } from './versions/same-version.js';

const arbitraryInput: fc.Arbitrary<RetentionInput> = fc
  .record({
    policy: arbitraryPolicy,
    phone: arbitrarySnapshots('phone', 12),
    pad: arbitrarySnapshots('pad', 8),
    versions: arbitraryVersions,
    devices: arbitraryDevices,
    apps: arbitraryApps,
    timeZone: arbitraryZone,
  })
  .map(({ phone, pad, ...rest }) => ({ ...NOTHING, ...rest, snapshots: [...phone, ...pad] }));

/** Items share chunks by their place; the sizes differ. */
function withBudget(
  input: RetentionInput,
  budget: number,
): { asked: RetentionInput; ledger: SampleLedger } {
  const ids = [...input.snapshots, ...input.versions].map(({ id }) => id);
  const chunks = new Map(ids.map((id, n) => [id, [n, n >> 1, (n >> 2) + 7].map(String)]));
  const ledger = sampleLedger(chunks, (chunk) => (Number(chunk) % 5) * 100_000);
  return { asked: { ...input, policy: { ...input.policy, budget }, ledger }, ledger };
}

const budgets = fc.integer({ min: 1_000_000, max: 8_000_000 });
const removedIds = (items: readonly ItemDecision[]): string[] =>
  items.filter(({ keep }) => !keep).map(({ id }) => id);

/** What must stay whatever the policy: found here anew, from the words of the README. */
function floorIds({ snapshots, versions, devices, policy, now }: RetentionInput): string[] {
  const time = (it: { takenAt: Date; storedAt: Date }): number =>
    Math.min(+it.takenAt, +it.storedAt);
  const span = durationMs(policy.minimumKeep ?? '0d');
  const isFresh = (date: Date): boolean => span > 0 && +now - +date < span;
  const newest = ['phone', 'pad'].flatMap((id) =>
    snapshots
      .filter(({ deviceId, complete }) => deviceId === id && complete)
      .sort((a, b) => time(b) - time(a) || (a.id < b.id ? 1 : -1))
      .slice(0, 1),
  );
  const run = versions.filter((file) =>
    devices.some(({ installed }) =>
      installed.some((app) => app.bundleId === file.bundleId && isSameVersion(app, file)),
    ),
  );
  return [
    ...[...newest, ...run].map(({ id }) => id),
    ...[...snapshots, ...versions].filter(({ pinned }) => pinned).map(({ id }) => id),
    ...snapshots.filter(({ storedAt }) => isFresh(storedAt)).map(({ id }) => id),
    ...versions.filter(({ addedAt }) => isFresh(addedAt)).map(({ id }) => id),
  ];
}

/** The policy with rules raised, and others added to the household's sections. */
function raise(policy: HouseholdPolicy, by: number): HouseholdPolicy {
  const up = (value: unknown): unknown =>
    typeof value === 'number'
      ? value + by
      : typeof value === 'string'
        ? `${durationMs(value) / 3_600_000 + by * 24}h`
        : true;
  const upAll = (rules: object): Record<string, unknown> =>
    Object.fromEntries(Object.entries(rules).map(([rule, value]) => [rule, up(value)]));
  const { snapshots, versions, devices, apps, minimumKeep } = policy;
  return {
    ...policy,
    ...(snapshots && { snapshots: { weekly: by, hourly: by, ...upAll(snapshots) } }),
    ...(versions && { versions: { lastPerMajor: by, runnable: true, ...upAll(versions) } }),
    ...(minimumKeep !== undefined && { minimumKeep: up(minimumKeep) as string }),
    ...(devices?.['pad']?.snapshots && {
      devices: { pad: { snapshots: upAll(devices['pad'].snapshots) } },
    }),
    ...(apps?.['b']?.versions && { apps: { b: { versions: upAll(apps['b'].versions) } } }),
  };
}

describe('planRetention', () => {
  it('decides every item, in input order, and says why', () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const { items, budget } = planRetention(input);

        expect(items.map(({ id, kind, group }) => [id, kind, group])).toEqual([
          ...input.snapshots.map((it) => [it.id, 'snapshot', it.deviceId]),
          ...input.versions.map((it) => [it.id, 'version', it.bundleId]),
        ]);
        for (const { keep, reasons, removedBy } of items) {
          expect(reasons.length > 0).toBe(keep);
          expect(removedBy === undefined).toBe(keep);
        }
        expect(budget).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  it('decides the same in whatever order items come', () => {
    fc.assert(
      fc.property(arbitraryInput, (input) => {
        const snapshots = input.snapshots.toReversed();
        const versions = input.versions.toReversed();

        expect(removedIds(planRetention({ ...input, snapshots, versions }).items).sort()).toEqual(
          removedIds(planRetention(input).items).sort(),
        );
      }),
      { numRuns: 500 },
    );
  });

  it('never removes the floor, with or without a budget', () => {
    fc.assert(
      fc.property(arbitraryInput, fc.option(budgets, { nil: undefined }), (input, budget) => {
        const asked = budget === undefined ? input : withBudget(input, budget).asked;
        const removed = new Set(removedIds(planRetention(asked).items));

        expect(floorIds(input).filter((id) => removed.has(id))).toEqual([]);
      }),
      { numRuns: 1000 },
    );
  });

  it('never removes more for a rule that is added or raised', () => {
    fc.assert(
      fc.property(arbitraryInput, fc.integer({ min: 1, max: 3 }), (input, by) => {
        const before = new Set(removedIds(planRetention(input).items));
        const raised = planRetention({ ...input, policy: raise(input.policy, by) });

        expect(removedIds(raised.items).filter((id) => !before.has(id))).toEqual([]);
      }),
      { numRuns: 1500 },
    );
  });

  it('fits the budget or has taken all it may, and nothing for no gain', () => {
    let evictions = 0;
    fc.assert(
      fc.property(arbitraryInput, budgets, (input, limit) => {
        const { asked, ledger } = withBudget(input, limit);
        const { items, budget } = planRetention(asked);
        const after = ledger.bytes;
        expect(budget).toEqual({ ...{ limit, after }, fits: after <= limit });

        // The rules' own removals are as without a budget.
        const byRules = items.filter(({ keep, removedBy }) => !keep && removedBy !== 'budget');
        expect(removedIds(byRules)).toEqual(removedIds(planRetention(input).items));

        const evicted = items.filter(({ removedBy }) => removedBy === 'budget');
        evictions += evicted.length;
        for (const { id, reasons } of evicted) {
          expect(reasons.length).toBeGreaterThan(0);
          expect(ledger.cost(id, Infinity)).toBeGreaterThan(0);
          expect(ledger.bytes + ledger.cost(id, Infinity)).toBeGreaterThan(limit);
        }

        // When it does not fit, what else could go frees nothing.
        const floor = new Set(floorIds(input));
        const left = items.filter(({ id, keep }) => keep && !floor.has(id));
        for (const { id } of after <= limit ? [] : left) ledger.drop(id);
        expect(ledger.bytes).toBe(after);
      }),
      { numRuns: 1000 },
    );

    expect(evictions).toBeGreaterThan(1000);
  });

  it('takes for the budget alone where nobody wrote rules, down to the floor', () => {
    const snapshots = ['2026-11-01', '2026-11-02', '2026-11-03'].map((day) => snapshot(day));
    const versions = [version('1.0', { pinned: true }), version('2.0')];
    const ids = [...snapshots, ...versions].map(({ id }) => id);
    const decide = (budget: number) => {
      const ledger = sampleLedger(new Map(ids.map((id) => [id, [id]])), () => 1_000_000);
      return planRetention({ ...NOTHING, snapshots, versions, ledger, policy: { budget } });
    };

    const { items, budget } = decide(1_000_000);
    expect(items.map(({ id, removedBy }) => [id, removedBy])).toEqual([
      ['2026-11-01', 'budget'],
      ['2026-11-02', 'budget'],
      ['2026-11-03', undefined],
      ['1.0', undefined],
      ['2.0', 'budget'],
    ]);
    expect(budget).toEqual({ limit: 1e6, after: 2e6, fits: false });
  });

  it('is plain JSON', () => {
    const { items } = planRetention({ ...NOTHING, snapshots: [snapshot('2026-11-01')] });

    expect(JSON.parse(JSON.stringify(items))).toStrictEqual(items);
  });

  it('refuses dates that are none, and a budget without a ledger', () => {
    const invalid = new Date(Number.NaN);
    const refused = expect.objectContaining({ code: 'INPUT_INVALID' });

    expect(() => planRetention({ ...NOTHING, now: invalid })).toThrow(refused);
    expect(() =>
      planRetention({ ...NOTHING, versions: [version('1', { addedAt: invalid })] }),
    ).toThrow(refused);
    expect(() => planRetention({ ...NOTHING, policy: { budget: 1e9 } })).toThrow('ledger');
  });
});
