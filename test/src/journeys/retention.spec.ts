import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { openHousehold } from '@rootcellar/testkit';
import type { CommandEnd, Household } from '@rootcellar/testkit';
import { OTHER, PHONE, TABLET, fillHousehold } from './retention-household.js';
import type { Kept, KeptHousehold } from './retention-household.js';

jest.setTimeout(120_000);

type Plan = Schemas['RetentionPlanDto'];
type Applied = Schemas['AppliedPlanDto'];
type Storage = Schemas['StorageDto'];
type Forgotten = Schemas['ForgottenDto'];

let household: Household;
let kept: KeptHousehold;
beforeAll(async () => {
  household = await openHousehold();
  kept = await fillHousehold(household.agent, household.room);
});
afterAll(async () => household.close());

async function run<T>(...args: readonly string[]): Promise<T> {
  return (await household.agent.ok(...args)) as unknown as T;
}

function verifyRefusal(end: CommandEnd, code: number, stable: string): void {
  expect([end.code, end.json().error.code]).toEqual([code, stable]);
}

async function policyFile(policy: unknown): Promise<string> {
  const path = join(household.room, 'policy.json');
  await writeFile(path, typeof policy === 'string' ? policy : JSON.stringify(policy));
  return path;
}

/** Ids of all that the lists show. */
async function listed(): Promise<Set<string>> {
  const { agent } = household;
  const snapshots = await agent.ok('snapshot', 'list');
  const apps = await agent.ok('app', 'list');
  const versions = await Promise.all(
    apps.items.map(async ({ bundleId }) => (await agent.ok('app', 'versions', bundleId)).items),
  );
  const packages = versions.flat().flatMap(({ artifacts }) => artifacts);
  return new Set([...snapshots.items, ...packages].map(({ id }) => id));
}

/** Counted from the oldest. */
function nth(group: keyof KeptHousehold, n: number): Kept {
  const found = kept[group][n];
  if (found === undefined) throw new Error(`${group} has no ${n}`);
  return found;
}

function idsOf(...groups: readonly (readonly Kept[])[]): Set<string> {
  return new Set(groups.flat().map(({ id }) => id));
}

const everything = (): Kept[] => [...kept.phone, ...kept.tablet, ...kept.packages];

/** Leaves the two newest of each device and the newest version of each app. */
const TWO = { snapshots: { last: 2 }, versions: { last: 1 }, binDays: 5 };
const goneByTwo = (): Kept[] => [
  ...kept.phone.slice(0, 2),
  ...kept.tablet.slice(0, 1),
  ...kept.packages.slice(0, 2),
];

describe('a policy that is not set', () => {
  it('can be looked at, and changes nothing', async () => {
    const before = await listed();

    const plan = await run<Plan>('retention', 'preview', '--file', await policyFile(TWO));

    expect(new Set(plan.items.filter(({ keep }) => !keep).map(({ id }) => id))).toEqual(
      idsOf(goneByTwo()),
    );
    expect(plan).toMatchObject({ saved: false, removed: 5, kept: 6, confirmations: [] });
    expect(plan.items.every(({ keep, reasons }) => !keep || reasons.length > 0)).toBe(true);
    expect(plan.neededBytes - plan.freedBytes).toBe(plan.neededAfterBytes);
    expect(await listed()).toEqual(before);
    expect(before).toEqual(idsOf(everything()));
    expect(await run('retention', 'show')).toMatchObject({ policy: null });
    expect(await run('bin', 'list')).toEqual({ items: [], nextCursor: null });
  });

  it('is needed: without any there is nothing to plan', async () => {
    verifyRefusal(await household.agent.run('retention', 'apply'), 11, 'RETENTION_NO_POLICY');
  });

  it.each([
    ['{"snapshots": {"last": 2},}', /line 1, column 27, at "}"/],
    ['{"snapshot": {"last": 2}}', /snapshot/],
    ['{"snapshots": {"last": 0}}', /keep nothing/],
  ])('is refused where it is wrong: %j', async (text, where) => {
    const end = await household.agent.run('retention', 'set', '--file', await policyFile(text));

    verifyRefusal(end, 20, 'RETENTION_POLICY_INVALID');
    expect(end.json().error.message).toMatch(where);
    expect(await run('retention', 'show')).toMatchObject({ policy: null });
  });

  it('is read from a file that is there', async () => {
    const missing = join(household.room, 'no such file');

    verifyRefusal(
      await household.agent.run('retention', 'preview', '--file', missing),
      2,
      'INPUT_INVALID',
    );
  });
});

describe('the household’s policy', () => {
  it('removes nothing when it is set, nor when it is only looked at', async () => {
    const set = await run('retention', 'set', '--file', await policyFile(TWO));
    const plan = await run<Plan>('retention', 'apply', '--dry-run');

    expect(set).toMatchObject({ policy: TWO, effective: { devices: [{}, {}] } });
    expect(plan).toMatchObject({ saved: true, removed: 5 });
    expect(await listed()).toEqual(idsOf(everything()));
  });

  it('moves to the bin what the plan said, and the bytes add up', async () => {
    const plan = await run<Plan>('retention', 'preview');
    const before = await run<Storage>('storage');

    const applied = await run<Applied>('retention', 'apply');

    expect(new Set(applied.forgotten.map(({ id }) => id))).toEqual(idsOf(goneByTwo()));
    expect(applied).toMatchObject({ skipped: [], freedBytes: plan.freedBytes });
    const left = everything().filter(({ id }) => !idsOf(goneByTwo()).has(id));
    expect(await listed()).toEqual(idsOf(left));
    const bin = await household.agent.ok('bin', 'list');
    expect(new Set(bin.items.map(({ id }) => id))).toEqual(idsOf(goneByTwo()));
    const after = await run<Storage>('storage');
    expect(after.neededBytes).toBe(plan.neededAfterBytes);
    expect(after.binBytes).toBe(plan.freedBytes);
    expect(after.packs?.storedBytes).toBe(before.packs?.storedBytes);
    expect(after.devices.map(({ name, items }) => [name, items]).sort()).toEqual([
      [PHONE.deviceName, 2],
      [TABLET.deviceName, 2],
    ]);
  });

  it('has nothing to do a second time', async () => {
    expect(await run<Applied>('retention', 'apply')).toMatchObject({
      forgotten: [],
      freedBytes: 0,
    });
  });
});

describe('undo', () => {
  it('brings back from the bin what was there, bit for bit', async () => {
    const { agent } = household;
    const [snapshot, artifact] = [nth('phone', 0), nth('packages', 0)];
    expect(await run('snapshot', 'show', snapshot.id)).toMatchObject({
      goneAfter: expect.stringMatching(/^\d{4}-/),
    });

    await agent.ok('snapshot', 'undo', snapshot.id);
    await agent.ok('app', 'undo', artifact.id);

    expect([await snapshot.isWhole(), await artifact.isWhole()]).toEqual([true, true]);
    const now = await listed();
    expect([now.has(snapshot.id), now.has(artifact.id)]).toEqual([true, true]);
    expect(await run('snapshot', 'show', snapshot.id)).toMatchObject({ goneAfter: null });
  });

  it('is for what is in the bin', async () => {
    const { agent } = household;

    verifyRefusal(await agent.run('snapshot', 'undo', nth('phone', 3).id), 10, 'NOT_FOUND');
    verifyRefusal(await agent.run('app', 'undo', nth('phone', 1).id), 10, 'NOT_FOUND');
  });
});

describe('a pin', () => {
  it('is stronger than people and rules', async () => {
    const { agent } = household;
    const [snapshot, artifact] = [nth('phone', 0).id, nth('packages', 0).id];

    await agent.ok('snapshot', 'pin', snapshot);
    await agent.ok('app', 'pin', artifact);

    verifyRefusal(await agent.run('snapshot', 'forget', snapshot), 11, 'ROOT_PINNED');
    verifyRefusal(await agent.run('app', 'forget', artifact, '--dry-run'), 11, 'ROOT_PINNED');
    expect(await run<Applied>('retention', 'apply')).toMatchObject({ forgotten: [] });
    expect(await run('snapshot', 'show', snapshot)).toMatchObject({ pinned: true });
    await agent.ok('app', 'unpin', artifact);
    const plan = await run<Plan>('retention', 'preview');
    expect(plan.items.filter(({ keep }) => !keep)).toMatchObject([{ id: artifact }]);
  });
});

describe('a large removal', () => {
  it('of the last version of an app needs its name', async () => {
    const { agent } = household;
    const last = nth('packages', 3).id;

    const shown = await run<Forgotten>('app', 'forget', last, '--dry-run');
    const refused = await agent.run('app', 'forget', last);
    const wrong = await agent.run('app', 'forget', last, '--confirm', 'com.example.app');

    const confirmations = [{ reason: 'last-version', name: OTHER }];
    expect(shown).toMatchObject({ dryRun: true, items: [{ id: last }], confirmations });
    verifyRefusal(refused, 11, 'CONFIRMATION_NEEDED');
    verifyRefusal(wrong, 11, 'CONFIRMATION_NEEDED');
    expect(refused.json().error.hint).toContain(OTHER);
    expect(await listed()).toContain(last);
    const done = await run<Forgotten>('app', 'forget', last, '--confirm', OTHER);
    expect(done).toMatchObject({ dryRun: false, freedBytes: shown.freedBytes });
    expect(await listed()).not.toContain(last);
    await agent.ok('app', 'undo', last);
  });

  it('of more than half needs the household’s name', async () => {
    const { agent } = household;
    const one = { snapshots: { last: 1 }, versions: { last: 1 }, binDays: 5 };
    // Nothing pinned is in the way, and all that was removed is back.
    await agent.ok('snapshot', 'unpin', nth('phone', 0).id);
    for (const { id } of [nth('phone', 1), nth('tablet', 0)])
      await agent.ok('snapshot', 'undo', id);
    await agent.ok('retention', 'set', '--file', await policyFile(one));
    const before = await listed();

    const refused = await agent.run('retention', 'apply');

    verifyRefusal(refused, 11, 'CONFIRMATION_NEEDED');
    expect(refused.json().error.hint).toBe('Give --confirm Test');
    expect(await listed()).toEqual(before);
    const applied = await run<Applied>('retention', 'apply', '--confirm', 'Test');
    expect(applied.forgotten).toHaveLength(6);
    const left = [nth('phone', 3), nth('tablet', 2), nth('packages', 2), nth('packages', 3)];
    expect(await listed()).toEqual(idsOf(left));
  });
});

describe('emptying the bin and collecting', () => {
  it('needs the household’s name', async () => {
    const { agent } = household;

    verifyRefusal(await agent.run('bin', 'empty'), 11, 'CONFIRMATION_NEEDED');
    verifyRefusal(await agent.run('bin', 'empty', '--confirm', 'test'), 11, 'CONFIRMATION_NEEDED');
    expect((await agent.ok('bin', 'list')).items).toHaveLength(7);
    expect(await run('bin', 'empty', '--confirm', 'Test')).toEqual({ ended: 7 });
  });

  it('gives every byte back, and leaves the rest as it was', async () => {
    const { agent } = household;
    const before = await run<Storage>('storage');

    const collected = await run<Record<string, number>>('admin', 'gc', '--no-grace', '--compact');

    const after = await run<Storage>('storage');
    expect(collected).toMatchObject({ removed: 7, binHeld: false });
    expect(after).toMatchObject({ binBytes: 0, neededBytes: before.neededBytes });
    expect(after.packs).toMatchObject({ collectableBytes: 0, condemnedBytes: 0 });
    expect(after.packs?.storedBytes).toBe(after.neededBytes + (after.packs?.overheadBytes ?? NaN));
    // Packs that were written anew have an index of their own.
    expect(Number(before.packs?.storedBytes) - Number(after.packs?.storedBytes)).toBeGreaterThan(
      before.binBytes,
    );
    expect((await agent.ok('bin', 'list')).items).toEqual([]);
    verifyRefusal(await agent.run('snapshot', 'undo', nth('phone', 1).id), 10, 'NOT_FOUND');
    for (const item of [nth('phone', 3), nth('tablet', 2), nth('packages', 2), nth('packages', 3)])
      expect(await item.isWhole()).toBe(true);
    expect(await agent.ok('admin', 'scrub')).toMatchObject({ clean: true });
  });

  it('has a second time nothing to do', async () => {
    expect(await run('admin', 'gc', '--no-grace', '--compact')).toMatchObject({
      ...{ removed: 0, repackedPacks: 0, deletedPacks: 0, deletedBytes: 0 },
    });
  });
});

describe('afterwards', () => {
  it('the audit trail tells it all, newest first, page by page too', async () => {
    const all = await run<Schemas['AuditPageDto']>('admin', 'audit', '--limit', '1000');

    expect(new Set(all.items.map(({ action }) => action))).toEqual(
      new Set([
        ...['policy-set', 'forgotten', 'undone', 'pinned', 'unpinned'],
        ...['bin-emptied', 'removed', 'collected', 'restored', 'downloaded'],
      ]),
    );
    const forgotten = all.items.filter(({ action }) => action === 'forgotten');
    expect(forgotten).toHaveLength(12);
    expect(forgotten.find(({ rule }) => rule === null)).toMatchObject({
      ...{ member: 'Ada', subjectKind: 'artifact', subject: 'Example 1.0' },
    });
    expect(forgotten.filter(({ rule }) => rule === 'retention: no-rule')).toHaveLength(11);
    const times = all.items.map(({ at }) => at);
    expect(times).toEqual(times.toSorted().toReversed());
    const one = await household.agent.ok('admin', 'audit', '--limit', '5');
    const cursor = ['--cursor', one.nextCursor ?? ''];
    const rest = await household.agent.ok('audit', 'list', '--limit', '1000', ...cursor);
    expect([...one.items, ...rest.items]).toEqual(all.items);
    const verified = await household.agent.ok('audit', 'verify');
    expect(verified).toMatchObject({ intact: true, lines: all.items.length });
  });

  it('jobs are told with their ends, and what has ended cannot be stopped', async () => {
    const { agent } = household;

    const { items } = await run<Schemas['JobPageDto']>('admin', 'jobs');

    const collections = items.filter(({ name }) => name === 'collect');
    expect(collections).toHaveLength(2);
    for (const { state, requestedAt, endedAt } of collections)
      expect([state, requestedAt <= (endedAt ?? '')]).toEqual(['completed', true]);
    const end = await agent.run('admin', 'jobs', '--cancel', collections[0]?.id ?? '');
    verifyRefusal(end, 10, 'NOT_FOUND');
  });

  it('storage is told in groups, and exactly for any selection', async () => {
    const { agent } = household;
    const report = await run<Storage>('storage');

    const groups = await run<Schemas['GroupStoragePageDto']>('storage', '--by', 'snapshot');
    const ids = groups.items.map(({ id }) => id);
    const freed = await run<Schemas['FreesDto']>('storage', 'frees', ...ids);

    expect(new Set(ids)).toEqual(new Set([nth('phone', 3).id, nth('tablet', 2).id]));
    const devices = report.devices.reduce((sum, { uniqueBytes }) => sum + uniqueBytes, 0);
    expect(freed.freedBytes).toBeGreaterThanOrEqual(devices);
    verifyRefusal(await agent.run('storage', '--by', 'colour'), 2, 'INPUT_INVALID');
    expect(await run('storage', 'history')).toMatchObject({ nextCursor: null });
  });

  it('a subscription is said of an app that is kept', async () => {
    const { agent } = household;
    const of = ['app', 'subscription', OTHER];

    expect(await run(...of, '--from', '2.0')).toEqual({ bundleId: OTHER, from: '2.0' });
    expect(await run(...of, '--none')).toEqual({ bundleId: OTHER, from: null });
    verifyRefusal(await agent.run(...of), 2, 'INPUT_INVALID');
    const unknown = await agent.run('app', 'subscription', 'com.example.none', '--none');
    verifyRefusal(unknown, 10, 'NOT_FOUND');
  });
});
