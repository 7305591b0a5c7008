import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Actor } from '@rootcellar/archive';
import { PgAppCatalog, PgReadingCatalog, migrate } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import * as queries from '@rootcellar/catalog/queries';
import { newId, systemClock } from '@rootcellar/model';
import type {
  ArtifactId,
  DeviceId,
  HouseholdId,
  Id,
  MemberId,
  SnapshotId,
} from '@rootcellar/model';
import { actingAs } from '../acting-as.js';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

const PAGE = { cursor: undefined, limit: 100 };
type Ask = (actor: Actor, of: Things) => Promise<unknown>;

/**
 * Every query that answers a member, asked for what is Bob's. A query that is new needs a line here; to be let through it takes its rows from
 * the relations of `libs/catalog/src/gate`.
 */
const ASKED: Readonly<Record<string, Ask>> = {
  listApps: async (actor) => queries.listApps(database, actor, PAGE),
  listAppVersions: async (actor, { bundleId }) =>
    queries.listAppVersions(database, actor, { ...PAGE, bundleId }),
  listAccounts: async () => queries.listAccounts(database, PAGE),
  listHouseholds: async () => queries.listHouseholds(database, PAGE),
  listInvitations: async (actor) => queries.listInvitations(database, actor, PAGE),
  listMembers: async (actor) => queries.listMembers(database, actor, PAGE),
  listTokens: async (actor) => queries.listTokens(database, { ...actor, membership: actor }, PAGE),
  allAudit: async (actor) => {
    const lines: unknown[] = [];
    for await (const line of queries.allAudit(database, actor)) lines.push(line);
    return lines;
  },
  listAudit: async (actor) => queries.listAudit(database, actor, PAGE),
  listDeviceHealth: async (actor) => queries.listDeviceHealth(database, actor, PAGE),
  listDevices: async (actor) => queries.listDevices(database, actor, { ...PAGE, all: true }),
  findDevice: async (actor, { device }) => queries.findDevice(database, actor, device),
  listAlerts: async (actor) => queries.listAlerts(database, actor, { ...PAGE, dismissed: true }),
  listHolds: async (actor) => queries.listHolds(database, actor, PAGE),
  listShares: async (actor) => queries.listShares(database, actor, PAGE),
  listRollbackPlans: async (actor) => queries.listRollbackPlans(database, actor, PAGE),
  listSnapshots: async (actor, { device }) =>
    queries.listSnapshots(database, actor, { ...PAGE, deviceId: device }),
  findSnapshotView: async (actor, { snapshot }) =>
    queries.findSnapshotView(database, actor, snapshot),
};
/** What the catalog of apps tells a member, asked for what is Bob's. */
const ASKED_OF_APPS: Readonly<
  Record<string, (apps: PgAppCatalog, actor: Actor, of: Things) => Promise<unknown>>
> = {
  keptVersions: async (apps, actor, { bundleId }) => apps.keptVersions(actor, [bundleId]),
  seenVersions: async (apps, actor, { bundleId }) => apps.seenVersions(actor, [bundleId]),
  seenOften: async (apps, actor) => apps.seenOften(actor, undefined),
  currentDevices: async (apps, actor) => apps.currentDevices(actor),
  seesDevice: async (apps, actor, { device }) => apps.seesDevice(actor, device as DeviceId),
  newestOfStore: async (apps, actor, { snapshot }) =>
    apps.newestOfStore(actor, [snapshot as SnapshotId]),
  packageDetails: async (apps, actor, { artifact }) =>
    apps.packageDetails(actor, [artifact as ArtifactId]),
  membersWhoBuyAs: async (apps, actor) =>
    (await apps.membersWhoBuyAs(actor, [BUYER])).some(({ name }) => name === 'Bob'),
  subscriptions: async (apps, actor, { bundleId }) => apps.subscriptions(actor, [bundleId]),
  reach: async (apps, actor, { bundleId }) => (await apps.reach(actor, bundleId)).readable,
};
const BUYER = '00'.repeat(32);
/** These tell of people, and of nothing that anybody keeps. */
const OF_PEOPLE = [
  'listShares',
  'listAccounts',
  'listHouseholds',
  'listInvitations',
  'listMembers',
  'listTokens',
];
/** What administrators are told of others, and of what: that devices are backed up, and who did what. */
const TOLD_TO_ADMINISTRATORS = ['listDeviceHealth', 'listAudit', 'allAudit'];
/** For administrators, as its caller sees to. */
const OF_THE_HOUSEHOLD = ['listDeviceHealth'];

interface Things {
  readonly device: string;
  readonly snapshot: string;
  readonly artifact: string;
  readonly bundleId: string;
}

let server: TestServer;
let database: Database;
let bob: Actor;
let things: Things;
/** By what they are to Bob. */
const others = new Map<string, Actor>();
beforeAll(async () => {
  server = await startTestServer();
  database = await server.open();
  await migrate(database);
  const [home, elsewhere] = [await household(), await household()];
  bob = await member(home, 'member', 'Bob');
  others.set('an administrator', await member(home, 'admin', 'Ada'));
  others.set('another member', await member(home, 'member', 'Cleo'));
  others.set('a limited member', await member(home, 'limited', 'Kim'));
  others.set('an administrator of another household', await member(elsewhere, 'admin', 'Eve'));
  things = await thingsOf(bob);
});
afterAll(async () => {
  await database.destroy();
  await server[Symbol.asyncDispose]();
});

async function household(): Promise<HouseholdId> {
  const id = newId<HouseholdId>(systemClock);
  await database.query(
    `insert into household (id, name, time_zone, wrapped_key) values ($1, 'T', 'UTC', '')`,
    [id],
  );
  return id;
}

async function member(householdId: HouseholdId, role: Actor['role'], name: string): Promise<Actor> {
  const memberId = newId<MemberId>(systemClock);
  await database.query(
    'insert into member (id, household_id, name, role) values ($1, $2, $3, $4)',
    [memberId, householdId, name, role],
  );
  return actingAs({ householdId, memberId, role });
}

async function root(owner: Actor, kind: string, wide: boolean | null): Promise<string> {
  const id = newId<Id>(systemClock);
  await database.query(
    `insert into root (id, household_id, member_id, kind, manifest, tree, chunk_set, entries, bytes, new_bytes, stored_bytes,
        household_wide)
      values ($1, $2, $3, $4, '', decode(repeat('00', 32), 'hex'), '', 1, 1, 1, 1, $5)`,
    [id, owner.householdId, owner.memberId, kind, wide],
  );
  return id;
}

/** A phone with a snapshot, and a private package; all of them have `secret` in their names. */
async function thingsOf(owner: Actor): Promise<Things> {
  const device = newId<Id>(systemClock);
  await database.query(
    `insert into device (id, household_id, owner_id, udid, name) values ($1, $2, $3, 'secret-udid', 'secret phone')`,
    [device, owner.householdId, owner.memberId],
  );
  const snapshot = await root(owner, 'snapshot', null);
  await database.query(
    `insert into snapshot (id, household_id, device_id, taken_at, files, encrypted, complete, facts, device_name)
      values ($1, $2, $3, now(), 1, false, true, '{}', 'secret phone')`,
    [snapshot, owner.householdId, device],
  );
  const artifact = await root(owner, 'artifact', false);
  await database.query(
    `with app as (insert into app (id, household_id, bundle_id, name) values ($1, $2, 'com.secret', 'secret') returning id),
        version as (insert into app_version (id, app_id, identity) select id, id, 'v' from app returning id)
      insert into artifact (id, household_id, app_version_id, sha256, size, file_name, facts)
        select $1, $2, id, decode(repeat('00', 32), 'hex'), 1, 'secret.ipa', '{}' from version`,
    [artifact, owner.householdId],
  );
  await tellOfApps(owner, { snapshot, artifact });
  await database.query(
    `insert into rollback_plan (id, household_id, member_id, device_id, bundle_id, rests_on, plan, expires_at)
      values ($1, $2, $3, $4, 'com.secret', '{}', '{"blocking": []}', now())`,
    [newId(systemClock), owner.householdId, owner.memberId, device],
  );
  await database.query(
    `with held as (
        insert into hold (id, household_id, device_id, bundle_id, version) values ($1, $2, $3, 'com.secret.held', '1') returning id)
      insert into alert (id, household_id, device_id, hold_id, snapshot_id, version) select $4, $2, $3, id, $5, '2' from held`,
    [newId(systemClock), owner.householdId, device, newId(systemClock), snapshot],
  );
  await database.query(
    `insert into audit (id, household_id, actor_id, action, subject_kind, subject_id, subject, concerns_id, private)
      values ($1, $2, $3, 'pinned', 'artifact', $4, 'secret app', $3, true),
        ($5, $2, $3, 'pinned', 'snapshot', $6, 'the phone', $3, false)`,
    [newId(systemClock), owner.householdId, owner.memberId, artifact, newId(systemClock), snapshot],
  );
  return { device, snapshot, artifact, bundleId: 'com.secret' };
}

/** What backup and package say of the app, bought by one and the same. */
async function tellOfApps(
  owner: Actor,
  { snapshot, artifact }: Pick<Things, 'snapshot' | 'artifact'>,
): Promise<void> {
  await database.query(
    `with list as (insert into store_list (id, household_id, bundle_id, digest, ids)
          values ($1, $2, 'com.secret', '', '{1,2}') returning id),
        package as (update artifact set buyer = $4, store_list_id = list.id from list where artifact.id = $5),
        app as (update app set subscription_from = '2.0' where bundle_id = 'com.secret')
      insert into installed_app (snapshot_id, bundle_id, name, version, buyer, store_list_id)
        select $3, 'com.secret', 'secret app', '1.0', $4, id from list`,
    [newId(systemClock), owner.householdId, snapshot, Buffer.from(BUYER, 'hex'), artifact],
  );
}

async function share(rootId: string, receiver: Actor, end: string): Promise<void> {
  await database.query(
    `insert into share (id, household_id, root_id, receiver_id, until) values ($1, $2, $3, $4, now() + $5::interval)`,
    [newId(systemClock), receiver.householdId, rootId, receiver.memberId, end],
  );
}

function tells(answer: unknown): boolean {
  const text = JSON.stringify(answer ?? null);
  return text.includes('secret') || Object.values(things).some((id: string) => text.includes(id));
}

describe('the gate', () => {
  it('is passed by every exported query, each of which is asked here', () => {
    const exported = Object.entries(queries).filter(([, value]) => typeof value === 'function');

    expect(Object.keys(ASKED).toSorted()).toEqual(exported.map(([name]) => name).toSorted());
  });

  it.each(Object.entries(ASKED))('lets %s tell Bob what is his', async (name, ask) => {
    const answer = await ask(bob, things);

    expect([name, tells(answer)]).toEqual([name, !OF_PEOPLE.includes(name)]);
  });

  it.each(Object.entries(ASKED))('lets %s tell nobody else', async (name, ask) => {
    for (const [who, actor] of others) {
      const ofOne = actor.householdId === bob.householdId;
      if (
        ofOne &&
        (actor.role === 'admin' ? TOLD_TO_ADMINISTRATORS : OF_THE_HOUSEHOLD).includes(name)
      )
        continue;
      expect([who, tells(await ask(actor, things))]).toEqual([who, false]);
    }
  });

  it('tells administrators of a phone what was done with it, and nothing of a private package', async () => {
    const ada = others.get('an administrator') ?? bob;

    const { items } = await queries.listAudit(database, ada, PAGE);

    expect(items.map(({ subject }) => subject)).toEqual(['the phone']);
  });

  it.each(Object.entries(ASKED_OF_APPS))(
    'lets %s tell Bob of apps, and nobody else',
    async (_, ask) => {
      const apps = new PgAppCatalog(database, systemClock);
      const told = async (actor: Actor): Promise<boolean> => {
        const answer = await ask(apps, actor, things);
        return tells(answer instanceof Map ? [...answer] : answer) || answer === true;
      };

      expect(await told(bob)).toBe(true);
      for (const [who, actor] of others) expect([who, await told(actor)]).toEqual([who, false]);
    },
  );

  it('gives content to its owner alone', async () => {
    const reading = new PgReadingCatalog(database);
    const [snapshot, artifact] = [things.snapshot as SnapshotId, things.artifact as ArtifactId];

    expect(await reading.findSnapshot(bob, snapshot)).toMatchObject({ only: undefined });
    expect(await reading.findArtifact(bob, artifact)).toMatchObject({ ownerId: bob.memberId });
    for (const actor of others.values()) {
      expect(await reading.findSnapshot(actor, snapshot)).toBeUndefined();
      expect(await reading.findArtifact(actor, artifact)).toBeUndefined();
    }
  });

  it('opens for a share, and closes when it ends, is taken back, or the thing is in the bin', async () => {
    const cleo = others.get('another member') ?? bob;
    const sees = async (): Promise<boolean> =>
      (await queries.findSnapshotView(database, cleo, things.snapshot)) !== undefined;
    await share(things.snapshot, cleo, '-1 second');
    expect(await sees()).toBe(false);

    await database.query(`update share set until = now() + interval '1 hour'`);
    expect(await queries.findSnapshotView(database, cleo, things.snapshot)).toMatchObject({
      owner: 'shared',
      shared: { from: 'Bob', bundleIds: null },
    });

    await database.query(`update root set forgotten_at = now(), gone_after = now() where id = $1`, [
      things.snapshot,
    ]);
    expect(await sees()).toBe(false);
    await database.query(`update root set forgotten_at = null, gone_after = null where id = $1`, [
      things.snapshot,
    ]);
    expect(await sees()).toBe(true);

    await database.query('update share set ended_at = now()');
    expect(await sees()).toBe(false);
  });

  it('does not show the former owner’s snapshots to whom a device was given, nor the new ones to the former', async () => {
    const cleo = others.get('another member') ?? bob;
    await database.query(
      `update device set owner_id = $1, name = 'phone of Cleo', product_version = '99' where id = $2`,
      [cleo.memberId, things.device],
    );

    expect(await queries.findDevice(database, cleo, things.device)).toMatchObject({
      ...{ name: 'phone of Cleo', owner: 'me', snapshots: 0, latestSnapshotId: null },
    });
    expect(
      (await queries.listSnapshots(database, cleo, { ...PAGE, deviceId: undefined })).items,
    ).toEqual([]);
    const former = await queries.findDevice(database, bob, things.device);
    expect(former).toMatchObject({ name: 'secret phone', owner: 'former', snapshots: 1 });
    expect(former?.productVersion).not.toBe('99');
    const [mine] = (
      await queries.listSnapshots(database, bob, { ...PAGE, deviceId: things.device })
    ).items;
    expect(mine).toMatchObject({ id: things.snapshot, deviceName: 'secret phone', owner: 'me' });
  });
});
