import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@rootcellar/archive';
import { listAudit, listDevices } from '@rootcellar/catalog/queries';
import type { DeviceId } from '@rootcellar/model';
import { GAME, PAGE, appsOfHousehold, bought, game } from './apps-of-household.js';
import type { AppsOfHousehold } from './apps-of-household.js';

const OLD = 'com.xamarin.CalSmoke';
const NEW = 'sh.calaba.CalSmoke';
const side = (bundleId: string): { bundleId: string; sideLoaded: true } => ({
  ...{ bundleId, sideLoaded: true },
});

let house: AppsOfHousehold;
beforeAll(async () => {
  house = await appsOfHousehold();
  await house.push('ada', '2024-05-01', [game('1.0', 100), side(OLD)]);
  await house.push('ada', '2024-06-01', [game('2.0', 200, [100, 200, 300]), side('com.own.app')]);
  await house.push('bob', '2024-06-02', [game('3.0', 300), side(NEW)]);
});
afterAll(async () => house[Symbol.asyncDispose]());

/** `kind bundle-id version` of each gap. */
async function gapsOf(actor: Actor, deviceId?: DeviceId): Promise<string[]> {
  const gaps = await house.gapsOf(actor, deviceId);
  return gaps.map(({ kind, bundleId, version }) => `${kind} ${bundleId} ${version ?? '–'}`);
}

async function deviceOf(actor: Actor): Promise<DeviceId> {
  const { items } = await listDevices(house.test.database, actor, PAGE);
  return items[0]?.id as DeviceId;
}

describe('the gap radar', () => {
  it('names what would be lost, what was seen, and data without a package, of one’s own devices', async () => {
    expect(await gapsOf(house.ada)).toEqual([
      `about-to-be-lost ${GAME} 2.0`,
      'seen com.own.app –',
      `data ${GAME} 1.0`,
      `data ${OLD} –`,
    ]);
    expect(await gapsOf(house.bob)).toEqual([`seen ${GAME} 3.0`, `seen ${NEW} –`]);
    expect((await house.gapsOf(house.ada))[0]).toMatchObject({
      ...{ name: 'Game', externalVersionId: '200', itemId: '1234567890', fromStore: true },
      devices: [{ deviceName: 'Phone of ada', installedNow: true }],
      snapshots: 1,
    });
  });

  it('looks at one device, and at none that is not one’s own', async () => {
    const [ada, bob] = [await deviceOf(house.ada), await deviceOf(house.bob)];

    expect(await gapsOf(house.bob, bob)).toHaveLength(2);
    await expect(gapsOf(house.ada, bob)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(gapsOf(house.bob, ada)).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('is closed by a package, for everybody who may read it', async () => {
    await house.add(bought('2.0', 200));
    await house.add({ ...bought('3.0', 300), isPrivate: true });

    expect(await gapsOf(house.ada)).not.toContain(`about-to-be-lost ${GAME} 2.0`);
    // A package that Ada keeps for herself is none to Bob.
    expect(await gapsOf(house.bob)).toContain(`seen ${GAME} 3.0`);
  });

  it('gives pages', async () => {
    const { gapRadar } = house.test.archive;
    const first = await gapRadar.execute(house.ada, { ...PAGE, limit: 2, deviceId: undefined });

    const rest = await gapRadar.execute(house.ada, {
      ...{ cursor: first.nextCursor ?? undefined, limit: 100, deviceId: undefined },
    });

    expect([...first.items, ...rest.items]).toEqual(await house.gapsOf(house.ada));
    expect(rest).toMatchObject({ nextCursor: null, total: 3 });
  });
});

describe('a link of two bundle ids', () => {
  const bundlesOf = async (actor: Actor, bundleId: string): Promise<readonly string[]> =>
    (await house.test.archive.appTimeline.execute(actor, bundleId, PAGE)).bundleIds;

  it('makes one timeline of both, until it is taken back, and leaves lines that others do not see', async () => {
    const { appLinks } = house.test.archive;
    await house.push('bob', '2024-06-03', [game('3.0', 300), side(NEW), side(OLD)]);
    await appLinks.set(house.bob, OLD, NEW);
    await appLinks.set(house.bob, OLD, NEW);

    expect(await bundlesOf(house.bob, OLD)).toEqual([OLD, NEW]);
    expect(await bundlesOf(house.bob, NEW)).toEqual([OLD, NEW]);
    // Nothing of the new one is Ada's to know.
    expect(await bundlesOf(house.ada, OLD)).toEqual([OLD]);
    await expect(appLinks.set(house.bob, NEW, OLD)).rejects.toMatchObject({
      code: 'INPUT_INVALID',
    });

    await appLinks.set(house.bob, OLD, undefined);
    expect(await bundlesOf(house.bob, OLD)).toEqual([OLD]);

    const lines = await Promise.all(
      [house.bob, house.ada].map(async (actor) => listAudit(house.test.database, actor, PAGE)),
    );
    const [own, others] = lines.map(({ items }) =>
      items
        .filter(({ subjectKind }) => subjectKind === 'app')
        .map(({ action, subject }) => `${action} ${subject}`),
    );
    expect(own).toEqual([`app-unlinked ${OLD} → ${NEW}`, `app-linked ${OLD} → ${NEW}`]);
    expect(others).toEqual([]);
  });

  it('is made by no limited member, and of nothing one may not know', async () => {
    const { appLinks } = house.test.archive;

    await expect(appLinks.set({ ...house.bob, role: 'limited' }, OLD, NEW)).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });
    await expect(appLinks.set(house.ada, OLD, NEW)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(appLinks.set(house.ada, NEW, OLD)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect(appLinks.set(house.ada, 'no.such', OLD)).rejects.toMatchObject({
      code: 'NOT_FOUND',
    });
  });
});

describe('what an earlier release recorded', () => {
  const rowsOf = async (sql: string): Promise<unknown> => house.test.database.query<unknown>(sql);
  const everything = async (): Promise<unknown> => ({
    installed: await rowsOf(`select * from installed_app order by snapshot_id, bundle_id`),
    packages: await rowsOf(`select * from artifact order by id`),
    snapshots: await rowsOf(`select * from snapshot order by id`),
  });

  it('is read from the vault once, and is the same then', async () => {
    const { database, archive } = house.test;
    await house.push('ada', '2024-07-01', [{ ...game('9.0', 900), offloaded: true }]);
    const before = await everything();
    await database.query(`delete from installed_app where offloaded`);
    await database.query(`update installed_app set name = null, item_id = null, released_at = null, purchased_at = null,
      from_store = null, buyer = null, store_list_id = null`);
    await database.query(`update artifact set item_id = null, released_at = null, purchased_at = null, buyer = null,
      store_list_id = null, contents = null, read_version = 0`);
    await database.query(`update snapshot set apps_read_version = 0`);

    const report = await archive.readOlderFacts.execute(house.ada.householdId);

    expect(report).toEqual({ packages: 2, snapshots: 5, unreadable: 0 });
    expect(await everything()).toEqual(before);
    expect(await archive.readOlderFacts.execute(house.ada.householdId)).toEqual({
      ...{ packages: 0, snapshots: 0, unreadable: 0 },
    });
  });

  it('is not tried for ever when it is damaged', async () => {
    const { database, archive } = house.test;
    await database.query(`update artifact set read_version = 0, contents = null`);
    await database.query(
      `update root set tree = decode(repeat('00', 32), 'hex') where kind = 'artifact'`,
    );

    const report = await archive.readOlderFacts.execute(house.ada.householdId);

    expect(report).toEqual({ packages: 2, snapshots: 0, unreadable: 2 });
    expect(await archive.readOlderFacts.execute(house.ada.householdId)).toMatchObject({
      packages: 0,
    });
  });
});
