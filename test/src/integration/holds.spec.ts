import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor, HoldId, HouseholdChange } from '@rootcellar/archive';
import { listAlerts, listHolds } from '@rootcellar/catalog/queries';
import type { AlertView, HoldView } from '@rootcellar/catalog/queries';
import { buildPackage } from '@rootcellar/ios/testing';
import type { BackupAppSpec } from '@rootcellar/ios/testing';
import type { DeviceId, SnapshotId } from '@rootcellar/model';
import { addMember } from './second-actor.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { sendPackage } from './sent-package.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

const APP = 'com.example.notes';
const OLD = { version: '3.0', build: '30', externalVersionId: 300 };
const NEW = { version: '4.0', build: '40', externalVersionId: 400 };
const NEWER = { version: '4.1', build: '41', externalVersionId: 410 };
const PAGE = { cursor: undefined, limit: 100 };

let test: TestArchive;
let bob: Actor;
beforeAll(async () => {
  test = await openTestArchive();
  bob = await addMember(test, { email: 'bob@example.org', role: 'member' });
});
afterAll(async () => test[Symbol.asyncDispose]());

let phones = 0;
let pushes = 0;
let udid: string;
beforeEach(() => {
  phones += 1;
  udid = String(phones).padStart(40, '0');
});

async function push(
  app: Partial<BackupAppSpec> | undefined,
  { daysAgo = 0, by = test.actor }: { readonly daysAgo?: number; readonly by?: Actor } = {},
): Promise<{ readonly snapshotId: SnapshotId; readonly deviceId: DeviceId }> {
  pushes += 1;
  const takenAt = new Date(Date.now() - daysAgo * 86_400_000 + pushes * 1000);
  const backup = await smallBackup(join(test.server.room, `backup ${String(pushes)}`), {
    ...{ udid, takenAt, deviceName: 'Phone', status: { Date: takenAt } },
    apps: app === undefined ? [] : [{ bundleId: APP, ...app }],
  });
  const uploadId = await sendBackup(test.archive, by, backup);
  const result = await commitBackup(test.archive.commitUpload, by, { uploadId, backup });
  if (result.status !== 'committed') throw new Error(result.status);
  return result;
}

async function hold(deviceId: DeviceId, by = test.actor): Promise<HoldId> {
  const externalVersionId = String(OLD.externalVersionId);
  const request = { deviceId, bundleId: APP, ...OLD, externalVersionId };
  return (await test.archive.holds.set(by, request)).id;
}

async function alerts(by = test.actor, dismissed = false): Promise<readonly AlertView[]> {
  return (await listAlerts(test.database, by, { ...PAGE, dismissed })).items;
}

async function holds(by = test.actor): Promise<readonly HoldView[]> {
  return (await listHolds(test.database, by, PAGE)).items;
}

async function mine(deviceId: DeviceId): Promise<readonly AlertView[]> {
  return (await alerts()).filter((alert) => alert.deviceId === deviceId);
}

describe('a held version', () => {
  it('raises one alert when a backup shows another, and the same again ends it', async () => {
    const { deviceId } = await push(OLD);
    const holdId = await hold(deviceId);
    expect(await mine(deviceId)).toEqual([]);

    const { snapshotId } = await push(NEW);
    await push(NEW);

    expect(await mine(deviceId)).toMatchObject([
      {
        ...{ holdId, snapshotId, bundleId: APP, deviceName: 'Phone', dismissedAt: null },
        held: { version: '3.0', externalVersionId: '300' },
        seen: { version: '4.0', build: '40', externalVersionId: '400' },
      },
    ]);
    await push(OLD);
    expect(await mine(deviceId)).toEqual([]);
    await push(NEW);
    expect(await mine(deviceId)).toHaveLength(1);
  });

  it('raises another one for the version after, in the place of the first', async () => {
    const { deviceId } = await push(OLD);
    await hold(deviceId);
    await push(NEW);

    await push(NEWER);

    expect(await mine(deviceId)).toMatchObject([{ seen: { version: '4.1' } }]);
  });

  it('that was dismissed raises none again for the same version', async () => {
    const { deviceId } = await push(OLD);
    await hold(deviceId);
    await push(NEW);
    const [alert] = await mine(deviceId);

    await test.archive.holds.dismiss(test.actor, alert?.id as never);
    await push(NEW);

    expect(await mine(deviceId)).toEqual([]);
    expect((await alerts(test.actor, true)).some(({ id }) => id === alert?.id)).toBe(true);
    await push(NEWER);
    expect(await mine(deviceId)).toMatchObject([{ seen: { version: '4.1' } }]);
  });

  it.each([
    ['is not on the device', undefined],
    ['is offloaded', { ...NEW, offloaded: true }],
    ['is side-loaded, its version unknown', { build: '40', sideLoaded: true }],
    ['is the held one', OLD],
  ] as const)('raises none when the app %s', async (_, app) => {
    const { deviceId } = await push(OLD);
    await hold(deviceId);

    await push(app);

    expect(await mine(deviceId)).toEqual([]);
  });

  it('raises none by a backup that is older than another', async () => {
    const { deviceId } = await push(OLD);
    await hold(deviceId);

    await push(NEW, { daysAgo: 3 });

    expect(await mine(deviceId)).toEqual([]);
  });

  it('raises its alert in the transaction of the snapshot: both are there, or neither', async () => {
    const { deviceId } = await push(OLD);
    await hold(deviceId);
    await test.database.query(
      `create function refuse_alert() returns trigger language plpgsql as $$ begin raise 'no alert today'; end $$`,
    );
    await test.database.query(
      'create trigger tr_refuse before insert on alert for each row execute function refuse_alert()',
    );

    await expect(push(NEW)).rejects.toThrow('no alert today');

    await test.database.query('drop function refuse_alert() cascade');
    const [count] = await test.database.query<{ count: string }[]>(
      'select count(*) from snapshot where device_id = $1',
      [deviceId],
    );
    expect(count?.count).toBe('1');
  });

  it('without being named is what the newest backup shows', async () => {
    const { deviceId } = await push(NEW);

    const set = await test.archive.holds.set(test.actor, {
      ...{ deviceId, bundleId: APP },
      ...{ version: undefined, build: undefined, externalVersionId: undefined },
    });

    expect(set).toMatchObject({ version: '4.0', externalVersionId: '400' });
    await expect(
      test.archive.holds.set(test.actor, {
        ...{ deviceId, bundleId: 'com.example.absent' },
        ...{ version: undefined, build: undefined, externalVersionId: undefined },
      }),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is one an app and device; a new one ends the alerts of the one before', async () => {
    const { deviceId } = await push(OLD);
    await hold(deviceId);
    await push(NEW);

    const next = await hold(deviceId);

    expect((await holds()).filter((held) => held.deviceId === deviceId)).toMatchObject([
      { id: next, by: 'Ada', version: '3.0', planId: null },
    ]);
    expect(await mine(deviceId)).toEqual([]);
  });
});

describe('what is held on somebody’s device', () => {
  it('is theirs to see, to set and to release; a role gives nothing', async () => {
    const { deviceId } = await push(OLD, { by: bob });
    const id = await hold(deviceId, bob);
    await push(NEW, { by: bob });
    const [alert] = await alerts(bob);

    expect(await holds(bob)).toHaveLength(1);
    expect((await holds()).map((held) => held.id)).not.toContain(id);
    expect((await alerts()).map((one) => one.id)).not.toContain(alert?.id);
    for (const refused of [
      hold(deviceId),
      test.archive.holds.release(test.actor, id),
      test.archive.holds.dismiss(test.actor, alert?.id as never),
    ])
      await expect(refused).rejects.toMatchObject({ code: 'NOT_FOUND' });

    await test.archive.holds.release(bob, id);
    expect(await alerts(bob)).toEqual([]);
    await expect(test.archive.holds.release(bob, id)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is written down, for them alone', async () => {
    const [line] = await test.database.query<{ action: string; private: boolean }[]>(
      `select action, private from audit where action like 'hold-%' and concerns_id = $1 order by seq desc limit 1`,
      [bob.memberId],
    );

    expect(line).toEqual({ action: 'hold-released', private: true });
  });

  it('of the household’s, an administrator releases', async () => {
    const { deviceId } = await push(OLD);
    await test.archive.devices.change(test.actor, deviceId, { owner: 'household' });
    const id = await hold(deviceId, bob);

    await expect(test.archive.holds.release(bob, id)).rejects.toMatchObject({ code: 'FORBIDDEN' });
    await test.archive.holds.release(test.actor, id);

    expect((await holds(bob)).map((held) => held.id)).not.toContain(id);
  });

  it('does not go with the device to its next owner', async () => {
    const { deviceId } = await push(OLD);
    await hold(deviceId);
    await push(NEW);

    await test.archive.devices.change(test.actor, deviceId, { owner: bob.memberId });

    expect((await holds(bob)).map((held) => held.deviceId)).not.toContain(deviceId);
    expect((await alerts(bob)).map((alert) => alert.deviceId)).not.toContain(deviceId);
  });

  it('is announced to its owner', async () => {
    const heard: HouseholdChange[] = [];
    using listening = test.archive.changes.subscribe(test.actor.householdId, (change) => {
      if (change !== 'missed') heard.push(change);
    });
    const { deviceId } = await push(OLD);
    const id = await hold(deviceId);
    await push(NEW);

    const { memberId } = test.actor;
    while (!heard.some(({ kind }) => kind === 'alert')) await setTimeout(10);
    expect(heard).toContainEqual({ kind: 'hold', id, memberId });
    expect(heard.find(({ kind }) => kind === 'alert')).toMatchObject({ memberId });
    listening[Symbol.dispose]();
  });
});

describe('rules', () => {
  it('never remove the package of a held version', async () => {
    const bundleId = 'com.example.kept';
    const artifacts = [];
    for (const { version, build } of [OLD, NEW, NEWER])
      artifacts.push(
        await sendPackage(test.archive, test.actor, buildPackage({ bundleId, version, build })),
      );
    const { deviceId } = await push({ ...NEWER, bundleId });
    const named = { version: OLD.version, build: OLD.build, externalVersionId: undefined };
    await test.archive.holds.set(test.actor, { deviceId, bundleId, ...named });

    const plan = await test.archive.retention.preview(test.actor, {
      versions: { last: 1 },
      budget: 1_000_000,
    });

    const byId = new Map(plan.items.map((item) => [item.id as string, item]));
    expect(artifacts.map((id) => byId.get(id)?.keep)).toEqual([true, false, true]);
    expect(byId.get(artifacts[0] ?? '')?.reasons).toContainEqual(
      expect.objectContaining({ code: 'held', deviceId, text: 'held on an iPhone' }),
    );
  });
});
