import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PgSpaceCatalog } from '@rootcellar/catalog';
import { storeMetadata } from '@rootcellar/ios/testing';
import type { BackupAppSpec } from '@rootcellar/ios/testing';
import { systemClock } from '@rootcellar/model';
import type { RootId, SnapshotId } from '@rootcellar/model';
import { APPLE_IDS, GAME, appsOfHousehold, bought, game } from './apps-of-household.js';
import type { AppsOfHousehold } from './apps-of-household.js';

let house: AppsOfHousehold;
/** Of the first backups, in the order they were pushed. */
const snapshots: SnapshotId[] = [];
beforeAll(async () => {
  house = await appsOfHousehold();
  snapshots.push(await house.push('ada', '2024-06-01', [game('3.0', 300)]));
  snapshots.push(await house.push('bob', '2024-06-02', [game('2.0', 200)]));
  snapshots.push(await house.push('ada', '2024-06-08', [game('4.0', 400, [100, 200, 300, 400])]));
  await house.add(bought('3.0', 300));
});
afterAll(async () => house[Symbol.asyncDispose]());

describe('a timeline', () => {
  it('has what packages and one’s own backups tell, newest first', async () => {
    const [four, three, ...others] = await house.timelineOf(house.ada);

    expect(others).toEqual([]);
    expect(four).toMatchObject({
      ...{ version: '4.0', externalVersionId: '400', name: 'Game', packages: [], dataSnapshots: 1 },
      seen: [{ deviceName: 'Phone of ada', installedNow: true }],
      data: [{ snapshotId: snapshots[2], complete: true, encrypted: false, offloaded: false }],
      gap: { kind: 'seen' },
    });
    expect(three).toMatchObject({
      ...{ version: '3.0', minimumOs: '12.0', deviceFamilies: [1, 2], gap: undefined },
      seen: [{ deviceName: 'Phone of ada', installedNow: false }],
      packages: [
        {
          buyer: { memberId: house.ada.memberId, name: 'Ada' },
          reasons: [{ code: 'no-policy' }],
          problems: [],
        },
      ],
    });
    const [{ cost } = { cost: undefined }] = three?.packages ?? [];
    expect(cost?.aloneBytes).toBeGreaterThan(0);
    expect(cost?.sharedBytes).toBe((cost?.aloneBytes ?? 0) - (cost?.freesBytes ?? 0));
  });

  it('tells others of the household’s packages, and nothing of one’s devices and Apple ID', async () => {
    const entries = await house.timelineOf(house.bob);

    expect(entries.map(({ version }) => version)).toEqual(['3.0', '2.0']);
    expect(entries[0]).toMatchObject({ seen: [], data: [], packages: [{ buyer: undefined }] });
    // The package's own list names a newer one.
    expect(entries[1]).toMatchObject({ packages: [], gap: { kind: 'about-to-be-lost' } });
  });

  it('tells of one’s own and the household’s by what a share opens, and no more', async () => {
    const until = new Date(systemClock.now().getTime() + 3_600_000);
    const rootId = snapshots[2] as RootId;
    const give = { rootId, withMemberId: house.bob.memberId, until };
    const other = await house.test.archive.shares.give(house.ada, {
      ...give,
      bundleId: 'com.other',
    });
    expect((await house.timelineOf(house.bob)).map(({ version }) => version)).toEqual([
      '3.0',
      '2.0',
    ]);

    const share = await house.test.archive.shares.give(house.ada, { ...give, bundleId: GAME });
    const [four, three] = await house.timelineOf(house.bob);

    expect(four).toMatchObject({ version: '4.0', seen: [{ installedNow: false }] });
    expect(three?.packages[0]?.buyer).toEqual({ memberId: house.ada.memberId, name: 'Ada' });
    for (const id of [share, other]) await house.test.archive.shares.end(house.ada, id);
    expect((await house.timelineOf(house.bob)).map(({ version }) => version)).toEqual([
      '3.0',
      '2.0',
    ]);
  });

  it('is of the same words for what is not there and for what is another’s', async () => {
    await house.push('ada', '2024-06-09', [
      { ...game('4.0', 400), bundleId: 'com.example.secret' },
    ]);
    const asked = ['com.example.secret', 'com.example.nowhere'].map(async (bundleId) =>
      house.timelineOf(house.bob, bundleId),
    );

    const [secret, nowhere] = await Promise.allSettled(asked);

    expect(secret).toMatchObject({ status: 'rejected', reason: { code: 'NOT_FOUND' } });
    expect(String(Reflect.get(secret ?? {}, 'reason'))).toBe(
      String(Reflect.get(nowhere ?? {}, 'reason')),
    );
    expect(await house.timelineOf(house.ada, 'com.example.secret')).toHaveLength(1);
  });

  it('goes on where a page ended', async () => {
    const { appTimeline } = house.test.archive;
    const first = await appTimeline.execute(house.ada, GAME, { cursor: undefined, limit: 1 });

    const cursor = first.nextCursor ?? undefined;
    const second = await appTimeline.execute(house.ada, GAME, { cursor, limit: 1 });

    expect([...first.items, ...second.items].map(({ version }) => version)).toEqual(['4.0', '3.0']);
    expect(first.versions).toBe(2);
    expect(second.nextCursor).toBeNull();
    await expect(
      appTimeline.execute(house.ada, GAME, { cursor: snapshots[0], limit: 1 }),
    ).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it('is kept with no Apple ID anywhere', async () => {
    const dumped: string[] = [];
    for (const table of ['installed_app', 'artifact', 'store_list', 'root', 'snapshot', 'audit']) {
      const found = await house.test.database.query<{ row: string }[]>(
        `select to_jsonb(${table})::text as row from ${table}`,
      );
      dumped.push(...found.map(({ row }) => row.toLowerCase()));
    }

    expect(dumped.length).toBeGreaterThan(5);
    for (const appleId of Object.values(APPLE_IDS)) {
      const hex = Buffer.from(appleId.toLowerCase()).toString('hex');
      for (const text of [appleId.toLowerCase(), hex])
        expect(dumped.filter((row) => row.includes(text))).toEqual([]);
    }
  });
});

describe('what contradicts itself', () => {
  const APP = 'com.example.odd';
  const seen = (version: string, id: number, more: Partial<BackupAppSpec> = {}): BackupAppSpec => ({
    ...{ bundleId: APP, version, externalVersionId: id, ...more },
  });

  it('is shown: one number with two versions, two numbers with one version, a renamed app', async () => {
    await house.push('ada', '2024-07-01', [seen('1.0', 10, { name: 'Before' }), game('4.0', 400)]);
    await house.push('ada', '2024-07-02', [seen('1.1', 10, { name: 'After' }), game('4.0', 400)]);
    await house.push('ada', '2024-07-03', [seen('1.1', 11, { name: 'After' }), game('4.0', 400)]);
    await house.add({
      ...{ bundleId: APP, name: 'In the package', version: '1.2' },
      metadata: storeMetadata({ bundleId: APP, version: '9.9', externalVersionId: 10 }),
    });

    const [eleven, ten] = await house.timelineOf(house.ada, APP);

    expect(eleven).toMatchObject({ version: '1.1', externalVersionId: '11', name: 'After' });
    expect(ten).toMatchObject({
      ...{ version: '1.2', externalVersionId: '10', name: 'In the package' },
      alsoShown: ['1.0', '1.1'],
      packages: [
        { problems: [expect.stringContaining('says version 9.9; the app itself says 1.2')] },
      ],
    });
  });

  it('keeps a package whose store’s description is too large, and says so', async () => {
    await house.add({
      ...{ bundleId: 'com.example.heavy', metadata: Buffer.alloc(5 * 1024 * 1024, ' ') },
    });

    expect(await house.timelineOf(house.ada, 'com.example.heavy')).toMatchObject([
      { packages: [{ problems: [expect.stringContaining('larger than any real one')] }] },
    ]);
  });

  it('is recorded once when a backup claims an app twice', async () => {
    const id = await house.push('bob', '2024-07-01', [game('2.0', 200)], {
      info: { 'Installed Applications': [GAME, GAME, 'com.example.twice', 'com.example.twice'] },
    });

    const found = await house.test.database.query<{ bundle_id: string }[]>(
      'select bundle_id from installed_app where snapshot_id = $1 order by bundle_id',
      [id],
    );

    expect(found.map((row) => row.bundle_id)).toEqual([GAME, 'com.example.twice']);
  });
});

describe('an offloaded app', () => {
  it('has left its data, and runs nowhere', async () => {
    const app = { ...game('1.0', 5), bundleId: 'com.example.offloaded', offloaded: true };
    await house.push('bob', '2024-07-05', [game('2.0', 200), app]);

    const [entry] = await house.timelineOf(house.bob, app.bundleId);

    expect(entry).toMatchObject({ seen: [], data: [{ offloaded: true }], gap: { kind: 'data' } });
    const inventory = new PgSpaceCatalog(house.test.database).inventory(house.bob.householdId);
    const { devices } = await inventory;
    expect(devices.flatMap(({ installed }) => installed.map((it) => it.bundleId))).not.toContain(
      app.bundleId,
    );
  });
});
