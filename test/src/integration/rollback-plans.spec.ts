import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor, CommittedSnapshot, RollbackPlan, RollbackWish } from '@rootcellar/archive';
import { listAudit, listRollbackPlans } from '@rootcellar/catalog/queries';
import { buildPackage } from '@rootcellar/ios/testing';
import type { BackupFileSpec, BackupSpec } from '@rootcellar/ios/testing';
import { isArchiveError, newId, systemClock } from '@rootcellar/model';
import type { ArtifactId, DeviceId, RollbackPlanId, SnapshotId } from '@rootcellar/model';
import type { ShareId } from '@rootcellar/archive';
import { appDatabase } from '../app-database.js';
import { addMember } from './second-actor.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { sendPackage } from './sent-package.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

const APP = 'com.example.songs';
const DOMAIN = `AppDomain-${APP}`;
const PAGE = { cursor: undefined, limit: 100 };

let test: TestArchive;
let ada: Actor;
let bob: Actor;
const packages = new Map<string, ArtifactId>();
beforeAll(async () => {
  test = await openTestArchive();
  ada = test.actor;
  bob = await addMember(test, { email: 'bob@example.org', role: 'member' });
  for (const version of ['2.0', '3.0', '4.0'])
    packages.set(
      version,
      await sendPackage(
        test.archive,
        ada,
        buildPackage({ bundleId: APP, name: 'Songs', version, build: version }),
      ),
    );
});
afterAll(async () => test[Symbol.asyncDispose]());

let backups = 0;
async function push(actor: Actor, spec: BackupSpec): Promise<CommittedSnapshot> {
  backups += 1;
  const backup = await smallBackup(join(test.server.room, `backup-${String(backups)}`), spec);
  const uploadId = await sendBackup(test.archive, actor, backup);
  const committed = await commitBackup(test.archive.commitUpload, actor, { uploadId, backup });
  if (!('snapshotId' in committed)) throw new Error('a snapshot was sent');
  return committed;
}

const udidOf = (phone: number): string => `00008110-${String(phone).padStart(16, '0')}`;
const THEN = ['CREATE TABLE song (id INTEGER PRIMARY KEY, title TEXT)', 'PRAGMA user_version = 41'];
/** The new version's changes stand in the log alone, as they do on a phone. */
const SINCE = [
  'CREATE TABLE album (id INTEGER PRIMARY KEY)',
  'ALTER TABLE song ADD COLUMN album INTEGER',
  'PRAGMA user_version = 47',
];

async function phoneBackup(
  phone: number,
  { version, day, ...more }: { readonly version: string; readonly day: number } & BackupSpec,
): Promise<BackupSpec> {
  const isNew = version.startsWith('4');
  const { database, log } = await appDatabase(test.server.room, THEN, isNew ? SINCE : []);
  const files: BackupFileSpec[] = [
    { domain: DOMAIN, path: 'Library/songs.sqlite', content: database },
    ...(isNew ? [{ domain: DOMAIN, path: 'Library/songs.sqlite-wal', content: log }] : []),
    { domain: DOMAIN, path: isNew ? 'Documents/new.txt' : 'Documents/old.txt', content: version },
    { domain: `AppDomainPlugin-${APP}.widget`, path: 'w.txt', content: 'widget' },
    { domain: `AppDomainGroup-group.${APP}`, path: 'g.txt', content: 'group' },
    { domain: 'AppDomainGroup-group.nobody', path: 'n.txt', content: 'whose' },
    { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: 'messages' },
  ];
  return {
    ...{ udid: udidOf(phone), deviceName: `phone ${String(phone)}` },
    takenAt: new Date(Date.UTC(2026, 0, day)),
    ...{ apps: [{ bundleId: APP, name: 'Songs', version, build: version }], files, ...more },
  };
}

/** A phone on which 3.0 ran on the 1st and 4.0 on the 9th. */
async function phone(
  number: number,
  owner: Actor = ada,
): Promise<{ readonly deviceId: DeviceId; readonly then: SnapshotId; readonly now: SnapshotId }> {
  const then = await push(owner, await phoneBackup(number, { version: '3.0', day: 1 }));
  const now = await push(owner, await phoneBackup(number, { version: '4.0', day: 9 }));
  return { deviceId: now.deviceId, then: then.snapshotId, now: now.snapshotId };
}

async function plan(
  wish: Omit<RollbackWish, 'bundleId'>,
  actor: Actor = ada,
): Promise<RollbackPlan> {
  return test.archive.planRollback.execute(actor, { bundleId: APP, ...wish });
}

async function refusalOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => 'not refused',
    (error: unknown) => (isArchiveError(error) ? error.code : String(error)),
  );
}

/** As the plan and as the list say it. */
async function expiryOf(
  id: RollbackPlanId,
  actor: Actor = ada,
): Promise<[string[], boolean | undefined]> {
  const { expiredBecause } = await test.archive.rollbackPlans.find(actor, id);
  const { items } = await listRollbackPlans(test.database, actor, PAGE);
  return [expiredBecause.map(({ code }) => code), items.find((item) => item.id === id)?.expired];
}

describe('a rollback plan', () => {
  it('goes back to the newest older version, with the data of that time, and says what became of it since', async () => {
    const { deviceId, then, now } = await phone(1);

    const made = await plan({ deviceId });

    expect(made).toMatchObject({
      ...{ state: 'planned', expired: false, blocking: [], lockedData: null },
      app: { bundleId: APP, name: 'Songs' },
      installed: { version: '4.0', snapshotId: now, onDevice: true, encrypted: false },
      target: {
        version: '3.0',
        artifactId: packages.get('3.0'),
        chosen: 'newest-older',
        kitName: `${APP}-3.0.ipa`,
      },
      data: { snapshotId: then, sameVersion: true, isNewest: false, files: 4 },
      downgrade: { verdict: 'changed', comparedWith: { snapshotId: now }, databases: 1 },
      // Taken out of the backup of the same version: the package has neither.
      ...{ installability: { installs: 'yes' } },
    });
    expect(made.target).toMatchObject({
      sinf: 'in-backup',
      metadata: 'in-backup',
      storeFilesFrom: then,
    });
    expect(made.data?.domains.map(({ domain }) => domain)).toEqual([
      ...[DOMAIN, `AppDomainGroup-group.${APP}`, `AppDomainPlugin-${APP}.widget`],
    ]);
    expect(made.downgrade?.findings.map(({ code }) => code)).toEqual([
      ...[
        'database-version',
        'tables-changed',
        'columns-changed',
        'log-left',
        'files-new',
        'files-gone',
      ],
    ]);
    expect(made.warnings.map(({ code }) => code)).toEqual(
      expect.arrayContaining(['backup-old', 'data-not-recent', 'groups-of-nobody']),
    );
    expect(made.steps.map(({ name, needed }) => [name, needed])).toEqual(
      ['fresh-backup', 'install-package', 'put-data-back', 'verify', 'hold'].map((name) => [
        name,
        true,
      ]),
    );
    expect(made.steps.flatMap(({ commands }) => commands).join()).not.toContain('--remove ');
  });

  it('is kept as it was made, for its maker alone', async () => {
    const { deviceId } = await phone(2);
    const made = await plan({ deviceId });

    expect(await test.archive.rollbackPlans.find(ada, made.id)).toEqual(made);
    expect(await refusalOf(test.archive.rollbackPlans.find(bob, made.id))).toBe('NOT_FOUND');
    expect(await refusalOf(test.archive.readStoreFiles.execute(bob, made.id))).toBe('NOT_FOUND');
    expect((await listRollbackPlans(test.database, bob, PAGE)).items).toEqual([]);
  });

  it('gives the rights and metadata out of the backup', async () => {
    const { deviceId } = await phone(3);
    const { id } = await plan({ deviceId });

    const { sinf, metadata } = await test.archive.readStoreFiles.execute(ada, id);

    expect(Buffer.from(sinf ?? []).toString()).toBe('sinf');
    expect(Buffer.from(metadata ?? []).toString('latin1')).toContain('bplist00');
  });

  it('is not made for what its maker may not see, and of no app that nobody knows', async () => {
    const { deviceId } = await phone(4, bob);
    const own = await phone(5);
    const secret = await sendPackage(
      test.archive,
      bob,
      buildPackage({ bundleId: APP, version: '3.5', build: '3.5' }),
      { isPrivate: true },
    );
    const unknown = newId<ArtifactId>(systemClock);

    expect(await refusalOf(plan({ deviceId }))).toBe('NOT_FOUND');
    expect(await refusalOf(plan({ deviceId: own.deviceId, artifactId: secret }))).toBe('NOT_FOUND');
    expect(await refusalOf(plan({ deviceId: own.deviceId, artifactId: unknown }))).toBe(
      'NOT_FOUND',
    );
    expect(
      await refusalOf(
        test.archive.planRollback.execute(ada, { bundleId: 'com.none', deviceId: own.deviceId }),
      ),
    ).toBe('NOT_FOUND');
    // Another's private package is not chosen either.
    expect((await plan({ deviceId: own.deviceId })).target?.version).toBe('3.0');
    expect((await plan({ deviceId }, bob)).target?.version).toBe('3.5');
  });

  it('says why it cannot be done: nothing older is kept, or no backup', async () => {
    const { deviceId } = await push(ada, await phoneBackup(6, { version: '1.0', day: 1 }));
    await test.database.query(
      `insert into device (id, household_id, owner_id, udid, name) select $1, household_id, id, $2, 'never' from member where id = $3`,
      [newId(systemClock), udidOf(77), ada.memberId],
    );
    const [{ id: never } = { id: '' }] = await test.database.query<{ id: string }[]>(
      'select id from device where udid = $1',
      [udidOf(77)],
    );

    expect((await plan({ deviceId })).blocking.map(({ code }) => code)).toEqual(['no-package']);
    expect((await plan({ deviceId: never as DeviceId })).blocking.map(({ code }) => code)).toEqual([
      'no-backup',
    ]);
    expect(
      await refusalOf(test.archive.rollbackPlans.requireGood(ada, (await plan({ deviceId })).id)),
    ).toBe('PLAN_BLOCKED');
  });

  it('says of encrypted data that nobody can look into it, and goes on with what there is', async () => {
    const { deviceId, then } = await phone(7);
    const locked = await push(
      ada,
      await phoneBackup(7, { version: '3.0', day: 3, encrypted: true }),
    );

    const made = await plan({ deviceId });

    expect([made.data?.snapshotId, made.lockedData?.snapshotId]).toEqual([then, locked.snapshotId]);
    expect(made.warnings.map(({ code }) => code)).toContain('data-locked');
  });
});

describe('a plan holds no more', () => {
  async function expired(id: RollbackPlanId, actor: Actor = ada): Promise<void> {
    expect(await refusalOf(test.archive.rollbackPlans.requireGood(actor, id))).toBe('PLAN_EXPIRED');
    expect(await refusalOf(test.archive.readStoreFiles.execute(actor, id))).toBe('PLAN_EXPIRED');
  }

  it('when a newer backup comes, and says whether another version is installed', async () => {
    const { deviceId } = await phone(11);
    const made = await plan({ deviceId });
    expect(await expiryOf(made.id)).toEqual([[], false]);

    await push(ada, await phoneBackup(11, { version: '4.0', day: 10 }));
    expect(await expiryOf(made.id)).toEqual([['newer-backup'], true]);

    await push(ada, await phoneBackup(11, { version: '4.1', day: 11 }));
    expect(await expiryOf(made.id)).toEqual([['other-version-installed', 'newer-backup'], true]);
    await expired(made.id);
  });

  it('when its package or the backup with its data is forgotten; and then tells nothing of them', async () => {
    const { deviceId, then } = await phone(12);
    const id = await sendPackage(
      test.archive,
      ada,
      buildPackage({ bundleId: APP, version: '3.9', build: '3.9' }),
    );
    const made = await plan({ deviceId });
    expect(made.target?.artifactId).toBe(id);

    await test.archive.bin.forget(ada, 'artifact', id, [APP]);
    expect(await expiryOf(made.id)).toEqual([['package-gone'], true]);
    await expired(made.id);
    expect(await test.archive.rollbackPlans.find(ada, made.id)).toMatchObject({
      target: null,
      data: null,
      steps: [],
    });

    await test.archive.bin.undo(ada, 'artifact', id);
    expect(await expiryOf(made.id)).toEqual([[], false]);
    await test.archive.bin.forget(ada, 'snapshot', then, ['Test']);
    expect(await expiryOf(made.id)).toEqual([['data-gone'], true]);
    await test.archive.bin.forget(ada, 'artifact', id, [APP]);
  });

  it('when a week is over', async () => {
    const { deviceId } = await phone(13);
    const made = await plan({ deviceId });

    await test.database.query(
      `update rollback_plan set expires_at = now() - interval '1 second' where id = $1`,
      [made.id],
    );

    expect(await expiryOf(made.id)).toEqual([['too-old'], true]);
  });

  it('when what was shared for it is shared no more', async () => {
    // Ada's phone became Bob's; of her backup of that time she shares this app's data with him.
    const { deviceId, then } = await phone(14);
    await test.archive.devices.change(ada, deviceId, { owner: bob.memberId });
    await push(bob, await phoneBackup(14, { version: '4.0', day: 20 }));
    const none = await plan({ deviceId }, bob);
    expect(none.data).toBeNull();
    const shareId: ShareId = await test.archive.shares.give(ada, {
      ...{ rootId: then, bundleId: APP, withMemberId: bob.memberId },
      until: new Date(Date.now() + 3_600_000),
    });

    const made = await plan({ deviceId }, bob);

    expect(made.data).toMatchObject({ snapshotId: then, files: 4 });
    // The rights of whom it is from are not his to install with.
    expect(made.target?.storeFilesFrom).not.toBe(then);
    const told = (await listAudit(test.database, ada, PAGE)).items;
    expect(told.find(({ action }) => action === 'rollback-planned')).toMatchObject({
      subjectKind: 'snapshot',
    });
    await test.archive.shares.end(ada, shareId);
    expect(await expiryOf(made.id, bob)).toEqual([['data-gone'], true]);
    const shown = JSON.stringify(await test.archive.rollbackPlans.find(bob, made.id));
    expect([shown.includes(then), shown.includes('songs.sqlite')]).toEqual([false, false]);
  });

  it('when the device is another’s', async () => {
    const { deviceId } = await phone(15);
    const made = await plan({ deviceId });

    await test.archive.devices.change(ada, deviceId, { owner: bob.memberId });

    expect(await expiryOf(made.id)).toEqual([['device-gone'], true]);
  });
});
