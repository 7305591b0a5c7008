import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { HouseholdSpaces, KeepUp, Retention } from '@rootcellar/archive';
import {
  PgBinCatalog,
  PgQuotaCatalog,
  PgRetentionCatalog,
  PgSpaceCatalog,
} from '@rootcellar/catalog';
import { systemClock } from '@rootcellar/model';
import type { SnapshotId } from '@rootcellar/model';
import { noise } from '../journeys/sample-content.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

const DAY_MS = 86_400_000;
const HOUSEHOLD = 'Test';

let test: TestArchive;
beforeAll(async () => {
  test = await openTestArchive();
});
afterAll(async () => test[Symbol.asyncDispose]());

let phones = 0;
let udid: string;
/** Everything of the tests before is gone, so that each has the household to itself. */
beforeEach(async () => {
  phones += 1;
  udid = String(phones).padStart(40, '0');
  await test.database.query('delete from root');
  await test.database.query('delete from retention_policy');
  await test.database.query('delete from upkeep');
  await test.database.query('delete from device');
});

/** A backup as old as this, with a photo of its own. */
async function push(daysAgo: number): Promise<SnapshotId> {
  const backup = await smallBackup(join(test.server.room, `${udid}-${daysAgo}`), {
    udid,
    takenAt: new Date(Date.now() - daysAgo * DAY_MS),
    status: { Date: new Date(Date.now() - daysAgo * DAY_MS) },
    files: [
      {
        ...{ domain: 'CameraRollDomain', path: 'Media/new.jpg' },
        content: noise(`${udid} ${daysAgo}`, 20_000),
      },
    ],
  });
  const uploadId = await sendBackup(test.archive, test.actor, backup);
  const result = await commitBackup(test.archive.commitUpload, test.actor, { uploadId, backup });
  if (result.status !== 'committed') throw new Error(result.status);
  return result.snapshotId;
}

async function visible(): Promise<string[]> {
  const found = await test.database.query<{ id: string }[]>(
    'select id from root where forgotten_at is null order by id',
  );
  return found.map(({ id }) => id);
}

describe('a plan', () => {
  it('of a policy that is not saved shows what would go, and removes nothing', async () => {
    const ids = [await push(3), await push(2), await push(1)];

    const plan = await test.archive.retention.preview(test.actor, { snapshots: { last: 2 } });

    expect(plan.items.map(({ keep }) => keep)).toEqual([false, true, true]);
    expect(plan.items[0]).toMatchObject({ id: ids[0], removedBy: 'no-rule' });
    expect(plan.items[2]?.reasons.map(({ code }) => code)).toContain('newest-complete');
    expect(plan).toMatchObject({ saved: false, removed: 1, kept: 2 });
    expect(plan.freedBytes).toBeGreaterThan(20_000);
    expect(plan.neededBytes - plan.neededAfterBytes).toBe(plan.freedBytes);
    expect(plan.devices).toMatchObject([{ removed: 1, kept: 2, freedBytes: plan.freedBytes }]);
    expect(await visible()).toHaveLength(3);
    await expect(test.archive.retention.apply(test.actor, plan.id, [])).rejects.toMatchObject({
      code: 'PLAN_OUTDATED',
    });
  });

  it('is applied once, and undo takes it back', async () => {
    const [oldest] = [await push(3), await push(2), await push(1)];
    await test.archive.retention.set(test.actor, { snapshots: { last: 2 } });
    const plan = await test.archive.retention.preview(test.actor);

    const applied = await test.archive.retention.apply(test.actor, plan.id, []);

    expect(applied.forgotten.map(({ id }) => id)).toEqual([oldest]);
    expect(applied.freedBytes).toBe(plan.freedBytes);
    expect(await visible()).toHaveLength(2);
    expect(await test.archive.bin.list(test.actor)).toMatchObject([
      { id: oldest, rule: 'retention: no-rule', uniqueBytes: plan.freedBytes },
    ]);
    await expect(test.archive.retention.apply(test.actor, plan.id, [])).rejects.toMatchObject({
      code: 'PLAN_OUTDATED',
    });
    await test.archive.bin.undo(test.actor, 'snapshot', oldest);
    expect(await visible()).toHaveLength(3);
  });

  it('is decided again item by item when it is applied', async () => {
    const ids = [
      await push(5),
      await push(4),
      await push(3),
      await push(2),
      await push(1),
    ] as const;
    await test.archive.retention.set(test.actor, { snapshots: { last: 3 } });
    const plan = await test.archive.retention.preview(test.actor);
    const [first] = ids;
    await test.archive.bin.setPinned(test.actor, 'snapshot', first, true);
    const later = await push(0);

    const applied = await test.archive.retention.apply(test.actor, plan.id, []);

    expect(plan.items.filter(({ keep }) => !keep).map(({ id }) => id)).toEqual(ids.slice(0, 2));
    expect(applied.forgotten.map(({ id }) => id)).toEqual([ids[1]]);
    expect(applied.skipped).toMatchObject([{ id: ids[0], why: 'pinned' }]);
    // What a new plan would remove too was not in this one.
    expect(await visible()).toEqual([ids[0], ...ids.slice(2), later].toSorted());
  });

  it('that takes more than half asks for the name of the household', async () => {
    await Promise.all([3, 2, 1].map(async (days) => push(days)));
    await test.archive.retention.set(test.actor, { snapshots: { last: 1 } });
    const plan = await test.archive.retention.preview(test.actor);
    const { retention } = test.archive;

    expect(plan.confirmations).toEqual([{ reason: 'more-than-half', name: HOUSEHOLD }]);
    await expect(retention.apply(test.actor, plan.id, ['Tset'])).rejects.toMatchObject({
      ...{ code: 'CONFIRMATION_NEEDED', details: { names: [HOUSEHOLD] } },
    });
    expect(await visible()).toHaveLength(3);
    const applied = await retention.apply(test.actor, plan.id, [HOUSEHOLD]);
    expect(applied.forgotten).toHaveLength(2);
  });

  it('of nobody but an administrator', async () => {
    const member = { ...test.actor, role: 'member' } as const;

    await expect(
      test.archive.retention.preview(member, { snapshots: { last: 1 } }),
    ).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(
      test.archive.retention.set(member, { snapshots: { last: 1 } }),
    ).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(test.archive.bin.empty(member, [HOUSEHOLD])).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });

  it('without a policy is refused, and so is a device the household does not have', async () => {
    const { retention } = test.archive;

    await expect(retention.preview(test.actor)).rejects.toMatchObject({
      code: 'RETENTION_NO_POLICY',
    });
    await expect(
      retention.set(test.actor, {
        snapshots: { last: 1 },
        devices: { nobody: { snapshots: { last: 2 } } },
      }),
    ).rejects.toMatchObject({ code: 'RETENTION_POLICY_INVALID' });
  });
});

describe('upkeep', () => {
  let now: Date;
  const keepUp = (): KeepUp => {
    const spaces = new HouseholdSpaces(new PgSpaceCatalog(test.database));
    const clock = { now: () => now, monotonicMs: () => 0 };
    const { retention, storage, endMembership } = test.archive;
    return new KeepUp({
      ...{ retention, storage, spaces, clock, endMembership },
      catalog: new PgRetentionCatalog(test.database, systemClock),
      window: { from: 0, to: 24 * 60 - 1 },
    });
  };
  const alert = async (): Promise<string | undefined> =>
    (await test.archive.retention.show(test.actor)).upkeep.alert;
  const hours = (count: number): void => {
    now = new Date(now.getTime() + count * 3_600_000);
  };

  it('applies the policy by itself, once a day, and notes sizes', async () => {
    const [oldest] = [await push(3), await push(2), await push(1)];
    await test.archive.retention.set(test.actor, { snapshots: { last: 2 } });
    now = new Date(Date.now() + 1000);
    const { householdId } = test.actor;

    const first = await keepUp().look(householdId);
    const applied = await keepUp().applyPolicy(householdId);
    hours(1);
    const second = await keepUp().look(householdId);
    hours(24);
    const third = await keepUp().look(householdId);

    expect([first.retention, second.retention, third.retention]).toEqual([true, false, true]);
    expect(applied).toMatchObject({ forgotten: 1 });
    expect(await visible()).not.toContain(oldest);
    expect(await test.archive.storage.history(test.actor)).not.toEqual([]);
    const [line] = await test.database.query<{ actor_id: null; rule: string; bytes: string }[]>(
      `select * from audit where action = 'forgotten' and subject_id = $1`,
      [oldest],
    );
    expect(line).toMatchObject({ actor_id: null, rule: 'retention: no-rule' });
    expect(Number(line?.bytes)).toBe(applied.freedBytes);
  });

  it.each([
    ['is earlier than what was stored', -48, 'The clock is earlier'],
    ['was not seen for more than 25 hours', 26, 'The last run was 26 hours ago'],
  ])('stops by itself when the clock %s, until somebody applied a plan', async (_, by, words) => {
    await Promise.all([4, 3, 2, 1].map(async (days) => push(days)));
    await test.archive.retention.set(test.actor, { snapshots: { last: 3 } });
    now = new Date(Date.now() + 1000);
    const { householdId } = test.actor;
    await keepUp().look(householdId);
    hours(by);

    const due = await keepUp().look(householdId);
    const applied = await keepUp().applyPolicy(householdId);

    expect(due).toEqual({ retention: false, collection: false });
    expect(applied.forgotten).toBe(0);
    expect(await visible()).toHaveLength(4);
    expect(await alert()).toContain(words);
    const plan = await test.archive.retention.preview(test.actor);
    await test.archive.retention.apply(test.actor, plan.id, []);
    expect(await alert()).toBeUndefined();
    expect(await visible()).toHaveLength(3);
  });

  it('does not do by itself what needs a confirmation, but tells of it', async () => {
    await Promise.all([3, 2, 1].map(async (days) => push(days)));
    await test.archive.retention.set(test.actor, { snapshots: { last: 1 } });
    now = new Date(Date.now() + 1000);

    const applied = await keepUp().applyPolicy(test.actor.householdId);

    expect(applied.forgotten).toBe(0);
    expect(await visible()).toHaveLength(3);
    expect(await alert()).toContain('more than half');
  });
});

describe('a budget', () => {
  it('is kept to, down to the newest complete backup', async () => {
    const ids = [await push(4), await push(3), await push(2), await push(1)];
    // Budgets as small as these backups are refused as a slip: every chunk weighs a megabyte here.
    await test.database.query(
      `update chunk_weights set weights =
        (select string_agg(int4send(1000000), '') from generate_series(1, octet_length(weights) / 4))`,
    );
    const retention = new Retention({
      retention: new PgRetentionCatalog(test.database, systemClock),
      bin: new PgBinCatalog(test.database, systemClock),
      quotas: new PgQuotaCatalog(test.database, systemClock),
      spaces: new HouseholdSpaces(new PgSpaceCatalog(test.database)),
      ...{ clock: systemClock, graceSeconds: 0 },
    });

    const all = await retention.preview(test.actor, { budget: 10 ** 12 });
    const some = await retention.preview(test.actor, { budget: all.neededBytes - 1 });
    const least = await retention.preview(test.actor, { budget: 1_000_000 });
    await test.database.query('update household set quota_bytes = $1', [all.neededBytes - 1]);
    const withinQuota = await retention.preview(test.actor, { budget: 10 ** 12 });
    await test.database.query('update household set quota_bytes = null');

    expect(all).toMatchObject({ removed: 0, budget: { fits: true } });
    expect(withinQuota).toMatchObject({ removed: 1, budget: { fits: true } });
    expect(some).toMatchObject({ removed: 1, budget: { fits: true } });
    expect(some.items[0]).toMatchObject({ id: ids[0], keep: false, removedBy: 'budget' });
    expect(some.neededAfterBytes).toBeLessThan(all.neededBytes);
    expect(least.budget).toMatchObject({ fits: false, after: least.neededAfterBytes });
    expect(least.items.filter(({ keep }) => keep).map(({ id }) => id)).toEqual([ids[3]]);
  });
});
