import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  Actor,
  RollbackStepName,
  RunnerId,
  StepOutcome,
  StepReport,
  StepReportId,
} from '@rootcellar/archive';
import { listHolds } from '@rootcellar/catalog/queries';
import { buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import type { BackupAppSpec } from '@rootcellar/ios/testing';
import { newId, systemClock } from '@rootcellar/model';
import type { DeviceId, RollbackPlanId, SnapshotId } from '@rootcellar/model';
import { addMember } from './second-actor.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { sendPackage } from './sent-package.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

const APP = 'com.example.notes';
const OLD = { version: '3.0', build: '30', externalVersionId: 300 };
const NEW = { version: '4.0', build: '40', externalVersionId: 400 };
const NEWER = { version: '4.1', build: '41', externalVersionId: 410 };
const SEEN_OLD = { version: '3.0', build: '30', externalVersionId: '300' };
const SEEN_NEW = { version: '4.0', build: '40', externalVersionId: '400' };

let test: TestArchive;
beforeAll(async () => {
  test = await openTestArchive();
  const { version, build, externalVersionId } = OLD;
  const metadata = storeMetadata({ ...OLD, bundleId: APP, externalVersionId });
  await sendPackage(
    test.archive,
    test.actor,
    buildPackage({ bundleId: APP, version, build, metadata, sinf: true }),
  );
});
afterAll(async () => test[Symbol.asyncDispose]());

let phones = 0;
let pushes = 0;
let udid: string;
let deviceId: DeviceId;
let planId: RollbackPlanId;
/** A phone whose app was updated, and a plan to go back. */
beforeEach(async () => {
  phones += 1;
  udid = String(phones).padStart(40, '0');
  await push(OLD);
  ({ deviceId } = await push(NEW));
  planId = await plan();
});

async function push(
  app: Partial<BackupAppSpec>,
): Promise<{ readonly snapshotId: SnapshotId; readonly deviceId: DeviceId }> {
  pushes += 1;
  const takenAt = new Date(Date.now() + pushes * 1000);
  const backup = await smallBackup(join(test.server.room, `backup ${String(pushes)}`), {
    ...{ udid, takenAt, deviceName: 'Phone', status: { Date: takenAt } },
    apps: [{ bundleId: APP, ...app }],
    files: [{ domain: `AppDomain-${APP}`, path: 'note.txt', content: String(app.version) }],
  });
  const uploadId = await sendBackup(test.archive, test.actor, backup);
  const result = await commitBackup(test.archive.commitUpload, test.actor, { uploadId, backup });
  if (result.status !== 'committed') throw new Error(result.status);
  return result;
}

async function plan(actor = test.actor): Promise<RollbackPlanId> {
  const made = await test.archive.planRollback.execute(actor, {
    ...{ bundleId: APP, deviceId, artifactId: undefined },
  });
  expect(made.blocking).toEqual([]);
  return made.id;
}

const RUNNER = newId<RunnerId>(systemClock);
type More = Partial<Omit<StepReport, 'step' | 'outcome'>> & { readonly planId?: RollbackPlanId };

async function tell(
  step: RollbackStepName,
  outcome: StepOutcome,
  { planId: of = planId, ...more }: More = {},
  actor: Actor = test.actor,
) {
  return test.archive.rollbackRuns.report(actor, of, {
    ...{ id: newId<StepReportId>(systemClock), runner: RUNNER, computer: 'desk', step, outcome },
    ...more,
  });
}

async function backedUp(): Promise<SnapshotId> {
  await tell('fresh-backup', 'started');
  const { snapshotId } = await push(NEW);
  await tell('fresh-backup', 'done', { snapshotId });
  return snapshotId;
}

async function done(step: RollbackStepName, more: More = {}) {
  await tell(step, 'started', more);
  return tell(step, 'done', more);
}

describe('a rollback that is carried out', () => {
  it('goes through its steps and ends held, each written down', async () => {
    const snapshotId = await backedUp();
    await done('install-package', { seen: SEEN_OLD });
    await done('put-data-back');
    await done('verify', { seen: SEEN_OLD });
    const view = await done('hold');

    expect(view.state).toBe('held');
    expect(view.claim).toBeUndefined();
    expect(view.steps).toHaveLength(10);
    const { state, backupSnapshotId } = await test.archive.rollbackPlans.find(test.actor, planId);
    expect({ state, backupSnapshotId }).toEqual({ state: 'held', backupSnapshotId: snapshotId });
    const page = { cursor: undefined, limit: 100, deviceId };
    const { items } = await listHolds(test.database, test.actor, page);
    expect(items).toMatchObject([{ bundleId: APP, planId, by: 'Ada', ...SEEN_OLD }]);
    const told = await test.database.query<{ action: string; subject: string }[]>(
      `select action, subject from audit where subject_id = $1 and action not like 'rollback-planned' order by seq`,
      [deviceId],
    );
    expect(told).toHaveLength(11);
    expect(told[1]).toEqual({
      action: 'rollback-step-done',
      subject: `Phone: ${APP} 3.0: fresh-backup`,
    });
    expect(told.some(({ action }) => action === 'hold-set')).toBe(true);
  });

  it('is not expired by its own backup, not even when that was pushed and never told of', async () => {
    await tell('fresh-backup', 'started');
    await push(NEW);
    await tell('fresh-backup', 'failed', { reason: 'SERVER_UNREACHABLE' });

    expect((await test.archive.rollbackPlans.find(test.actor, planId)).expired).toBe(false);
    await backedUp();
    expect((await test.archive.rollbackRuns.view(test.actor, planId)).state).toBe('backed-up');
  });

  it('stays where it is when a step fails, and goes on from there', async () => {
    await backedUp();
    await tell('install-package', 'started');

    const failed = await tell('install-package', 'failed', { reason: 'DEVICE_LINK_LOCKED' });

    expect(failed).toMatchObject({ state: 'backed-up', claim: undefined });
    expect(failed.steps.at(-1)).toMatchObject({ outcome: 'failed', reason: 'DEVICE_LINK_LOCKED' });
    expect(await done('install-package', { seen: SEEN_OLD })).toMatchObject({ state: 'installed' });
  });

  it('believes the device and not the tool: another version there is a failure', async () => {
    await backedUp();
    await tell('install-package', 'started');

    await expect(tell('install-package', 'done', { seen: SEEN_NEW })).rejects.toMatchObject({
      code: 'ROLLBACK_NOT_INSTALLED',
    });
    await tell('install-package', 'started');
    await expect(tell('install-package', 'done')).rejects.toMatchObject({
      code: 'ROLLBACK_NOT_INSTALLED',
    });

    const view = await test.archive.rollbackRuns.view(test.actor, planId);
    expect(view.state).toBe('backed-up');
    expect(view.steps.at(-1)).toMatchObject({ reason: 'ROLLBACK_NOT_INSTALLED' });
  });

  it('takes no old snapshot, and none of another device, for the fresh backup', async () => {
    await tell('fresh-backup', 'started');
    const [old] = await test.database.query<{ id: SnapshotId }[]>(
      'select id from snapshot where device_id = $1 order by taken_at limit 1',
      [deviceId],
    );

    for (const snapshotId of [old?.id, newId<SnapshotId>(systemClock), undefined]) {
      await expect(tell('fresh-backup', 'done', { snapshotId })).rejects.toMatchObject({
        code: 'INPUT_INVALID',
      });
      await tell('fresh-backup', 'started');
    }
  });

  it('is over when the fresh backup shows that the app was updated meanwhile', async () => {
    await tell('fresh-backup', 'started');
    const { snapshotId } = await push(NEWER);

    await expect(tell('fresh-backup', 'done', { snapshotId })).rejects.toMatchObject({
      ...{ code: 'PLAN_EXPIRED', details: { expired: ['other-version-installed'] } },
    });
    await expect(tell('fresh-backup', 'started')).rejects.toMatchObject({ code: 'PLAN_EXPIRED' });
  });

  it('is not begun when its facts changed', async () => {
    await push(NEWER);

    await expect(tell('fresh-backup', 'started')).rejects.toMatchObject({ code: 'PLAN_EXPIRED' });
  });

  it.each([
    ['install-package', 'started'],
    ['fresh-backup', 'done'],
    ['hold', 'started'],
  ] as const)('refuses %s %s out of order, and records nothing', async (step, outcome) => {
    const { snapshotId } = outcome === 'done' ? await push(NEW) : {};

    await expect(tell(step, outcome, { snapshotId })).rejects.toMatchObject({
      code: 'ROLLBACK_STEP_ORDER',
    });
    expect(await test.archive.rollbackRuns.view(test.actor, planId)).toMatchObject({
      ...{ state: 'planned', steps: [] },
    });
  });

  it('is told twice as once', async () => {
    await tell('fresh-backup', 'started');
    const { snapshotId } = await push(NEW);
    const id = newId<StepReportId>(systemClock);

    await tell('fresh-backup', 'done', { id, snapshotId });
    const again = await tell('fresh-backup', 'done', { id, snapshotId });

    expect(again.state).toBe('backed-up');
    expect(again.steps).toHaveLength(2);
  });
});

describe('two computers', () => {
  const other = { runner: newId<RunnerId>(systemClock), computer: 'laptop' };

  it('do not work with one device at once, whatever the plan', async () => {
    const second = await plan();
    await tell('fresh-backup', 'started');

    for (const of of [planId, second])
      await expect(tell('fresh-backup', 'started', { ...other, planId: of })).rejects.toMatchObject(
        {
          code: 'ROLLBACK_RUNNING',
          message: expect.stringContaining('desk'),
        },
      );
  });

  it('that ask at the same moment: one of them goes on', async () => {
    const both = await Promise.allSettled([
      tell('fresh-backup', 'started'),
      tell('fresh-backup', 'started', other),
    ]);

    expect(both.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  it('take over from one that is silent; what that one tells later is refused', async () => {
    await tell('fresh-backup', 'started');
    await test.database.query(
      `update rollback_run set silent_after = now() - interval '1 second' where device_id = $1`,
      [deviceId],
    );

    await tell('fresh-backup', 'started', other);

    const { snapshotId } = await push(NEW);
    await expect(tell('fresh-backup', 'done', { snapshotId })).rejects.toMatchObject({
      code: 'ROLLBACK_RUNNING',
    });
    expect(await tell('fresh-backup', 'done', { ...other, snapshotId })).toMatchObject({
      state: 'backed-up',
    });
  });

  it('hear that one is still there', async () => {
    await tell('fresh-backup', 'started');
    await test.database.query(
      `update rollback_run set silent_after = now() + interval '1 second' where device_id = $1`,
      [deviceId],
    );

    const view = await tell('fresh-backup', 'going-on');

    expect(view.steps).toHaveLength(1);
    const seconds = ((view.claim?.silentAfter.getTime() ?? 0) - Date.now()) / 1000;
    expect(seconds).toBeGreaterThan(60);
  });
});

describe('who carries it out', () => {
  it('is who made the plan: others hear of none', async () => {
    const bob = await addMember(test, { email: 'bob@example.org', role: 'admin' });

    await expect(tell('fresh-backup', 'started', {}, bob)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
    await expect(test.archive.rollbackRuns.view(bob, planId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });

  it('is no limited member where the device is the household’s', async () => {
    const kim = await addMember(test, { email: 'kim@example.org', role: 'limited' });
    await test.archive.devices.change(test.actor, deviceId, { owner: 'household' });
    await push({ ...NEW, build: '40' }).catch(() => undefined);
    await test.database.query(
      `update root set household_wide = true where id in (select id from snapshot where device_id = $1)`,
      [deviceId],
    );
    const of = await plan(kim);

    await expect(tell('fresh-backup', 'started', { planId: of }, kim)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
  });
});

describe('the data of a plan', () => {
  it('comes as it lies in its backup folder, for its maker alone', async () => {
    const eve = await addMember(test, { email: 'eve@example.org', role: 'admin' });

    const { bytes } = await test.archive.streamPlanData.execute(test.actor, planId);
    const pieces: Uint8Array[] = [];
    for await (const piece of bytes) pieces.push(piece);

    expect(Buffer.concat(pieces).includes('Manifest.plist')).toBe(true);
    await expect(test.archive.streamPlanData.execute(eve, planId)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});
