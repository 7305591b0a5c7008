import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { actingAs } from '../acting-as.js';
import type { Actor } from '@rootcellar/archive';
import { migrate } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { listAppVersions, listApps, listDevices, listSnapshots } from '@rootcellar/catalog/queries';
import type { Page } from '@rootcellar/catalog/queries';
import { newId, systemClock } from '@rootcellar/model';
import type { HouseholdId, Id, MemberId } from '@rootcellar/model';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

/** All of them were made at the same instant, by the database's clock and by ours. */
const NOW = new Date('2026-03-29T01:00:00Z');
const clock = { ...systemClock, now: () => NOW };
const COUNT = 25;

let server: TestServer;
let database: Database;
let actor: Actor;
let stranger: Actor;
beforeAll(async () => {
  server = await startTestServer();
  database = await server.open();
  await migrate(database);
  [actor, stranger] = [await household(), await household()];
});
afterAll(async () => {
  await database.destroy();
  await server[Symbol.asyncDispose]();
});

async function insert(table: string, row: Readonly<Record<string, unknown>>): Promise<void> {
  const columns = Object.keys(row).join(', ');
  const places = Object.keys(row).map((_, at) => `$${at + 1}`);
  await database.query(
    `insert into ${table} (${columns}) values (${places.join(', ')})`,
    Object.values(row),
  );
}

/** A household with a member, devices, snapshots of the first device, and apps, all of the same time. */
async function household(): Promise<Actor> {
  const [householdId, memberId] = [newId<HouseholdId>(clock), newId<MemberId>(clock)];
  const own = { household_id: householdId };
  await insert('household', {
    id: householdId,
    name: 'T',
    time_zone: 'UTC',
    wrapped_key: Buffer.of(),
  });
  const person = { name: 'Ada', email: memberId, password_hash: '', role: 'member' };
  await insert('member', { id: memberId, ...own, ...person });
  const devices = ids().map((id, at) => ({ id, udid: String(at).padStart(40, '0') }));
  for (const device of devices) {
    await insert('device', {
      ...device,
      ...own,
      owner_id: memberId,
      name: 'a phone',
      created_at: NOW,
    });
  }
  const root = {
    ...{
      ...own,
      member_id: memberId,
      manifest: Buffer.of(),
      tree: Buffer.of(),
      chunk_set: Buffer.of(),
    },
    ...{ entries: 1, bytes: 1, new_bytes: 1, stored_bytes: 1, created_at: NOW },
  };
  for (const id of ids()) {
    await insert('root', { id, kind: 'snapshot', ...root });
    const facts = { taken_at: NOW, files: 1, encrypted: false, complete: true, facts: {} };
    await insert('snapshot', { id, ...own, device_id: devices[0]?.id, ...facts });
  }
  for (const id of ids()) await insertApp(id, { ...own, created_at: NOW }, root);
  return actingAs({ householdId, memberId, role: 'member' });
}

/** An app with a version and a file; the first one's bundle gets all versions. */
async function insertApp(
  id: string,
  own: Readonly<Record<string, unknown>>,
  root: Readonly<Record<string, unknown>>,
): Promise<void> {
  const { household_id: householdId, created_at: createdAt } = own;
  await insert('app', { id, ...own, bundle_id: `com.example.${id}`, name: 'App' });
  for (const version of ids().slice(0, 3)) {
    await insert('app_version', {
      id: version,
      app_id: id,
      identity: version,
      created_at: createdAt,
    });
    await insert('root', { ...root, id: version, kind: 'artifact' });
    const file = { sha256: Buffer.from(version), size: 7, file_name: 'a.ipa', facts: {} };
    await insert('artifact', {
      id: version,
      household_id: householdId,
      app_version_id: version,
      ...file,
    });
  }
}

function ids(): Id[] {
  return Array.from({ length: COUNT }, () => newId(clock));
}

type List = (cursor: string | undefined, limit: number) => Promise<Page<{ readonly id: string }>>;

async function walk(list: List, limit: number): Promise<string[]> {
  const seen: string[] = [];
  let cursor: string | undefined;
  do {
    const { items, nextCursor } = await list(cursor, limit);
    expect(items.length).toBeLessThanOrEqual(limit);
    seen.push(...items.map(({ id }) => id));
    cursor = nextCursor ?? undefined;
  } while (cursor !== undefined);
  return seen;
}

describe.each<[string, number, (who: Actor) => List]>([
  [
    'snapshots',
    COUNT,
    (who) => async (cursor, limit) =>
      listSnapshots(database, who, { cursor, limit, deviceId: undefined }),
  ],
  [
    'devices',
    COUNT,
    (who) => async (cursor, limit) => listDevices(database, who, { cursor, limit }),
  ],
  ['apps', COUNT, (who) => async (cursor, limit) => listApps(database, who, { cursor, limit })],
])('the list of %s', (_, count, listOf) => {
  it.each([1, 7, COUNT - 1, COUNT, COUNT + 1])(
    'gives each once, in one order, page by page of %i, though all are of one instant',
    async (limit) => {
      const whole = await listOf(actor)(undefined, 1000);

      const seen = await walk(listOf(actor), limit);

      expect(whole.nextCursor).toBeNull();
      expect(whole.items).toHaveLength(count);
      expect(seen).toEqual(whole.items.map(({ id }) => id));
      expect(new Set(seen).size).toBe(count);
    },
  );

  it('shows nothing of another household', async () => {
    const [own, theirs] = [await walk(listOf(actor), 10), await walk(listOf(stranger), 10)];

    expect(theirs).toHaveLength(count);
    expect(own.filter((id) => theirs.includes(id))).toEqual([]);
  });
});

describe('the list of the versions of an app', () => {
  it('gives each once, page by page, and none of another household of the same bundle', async () => {
    const { items } = await listApps(database, actor, { cursor: undefined, limit: 1 });
    const bundleId = items[0]?.bundleId ?? '';
    const list: List = async (cursor, limit) =>
      listAppVersions(database, actor, { cursor, limit, bundleId });

    expect(new Set(await walk(list, 2)).size).toBe(3);
    const others = await listAppVersions(database, stranger, {
      ...{ cursor: undefined, limit: 10, bundleId },
    });
    expect(others.items).toEqual([]);
  });
});
