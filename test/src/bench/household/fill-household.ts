import type { Database } from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { HouseholdId, MemberId } from '@rootcellar/model';
import type { SampleChunkSets } from '@rootcellar/vault/testing/samples';
import { insertRows } from './insert-rows.js';
import type { Columns } from './insert-rows.js';

/** Days between two of a history: a device is backed up so often, an app has a new version so often. */
const SNAPSHOT_DAYS = 3;
const VERSION_DAYS = 14;
/** Every so many versions the first number of an app's version goes up. */
const VERSIONS_A_MAJOR = 10;
const DAY_MS = 86_400_000;
const NOTHING = Buffer.of(0);

export interface Owner {
  readonly householdId: HouseholdId;
  readonly memberId: MemberId;
}

/** One root of a history. */
interface Item {
  readonly id: string;
  /** The device, or the app. */
  readonly of: string;
  readonly number: number;
  readonly set: Uint8Array;
  readonly at: Date;
}

/** A household with nothing in it, and its one member. */
export async function createHousehold(database: Database): Promise<Owner> {
  const owner = {
    householdId: newId<HouseholdId>(systemClock),
    memberId: newId<MemberId>(systemClock),
  };
  await database.query(
    `insert into household (id, name, time_zone, wrapped_key) values ($1, 'Bench', 'Europe/Berlin', '')`,
    [owner.householdId],
  );
  await database.query(
    `insert into member (id, household_id, name, email, password_hash, role)
      values ($1, $2, 'Ada', 'ada@example.org', '', 'admin')`,
    [owner.memberId, owner.householdId],
  );
  return owner;
}

/**
 * Devices with their snapshots and apps with their versions, written straight into the tables. Their chunks must be the
 * first of the household; neither those nor packs are written.
 */
export async function fillHousehold(
  database: Database,
  owner: Owner,
  { devices, apps }: SampleChunkSets,
): Promise<void> {
  const deviceIds = devices.map(() => newId(systemClock));
  const appIds = apps.map(() => newId(systemClock));
  const snapshots = itemsOf(devices, deviceIds, SNAPSHOT_DAYS);
  const artifacts = itemsOf(apps, appIds, VERSION_DAYS);
  const household: Columns<unknown> = { household_id: ['uuid', () => owner.householdId] };
  await insertRows<string>(database, 'device', deviceIds, {
    ...{ id: ['uuid', (id) => id], ...household, owner_id: ['uuid', () => owner.memberId] },
    ...{ udid: ['text', (id) => id], name: ['text', () => 'Phone'] },
    ...{ product_type: ['text', () => 'iPhone14,5'], product_version: ['text', () => '18.2'] },
  });
  await insertRows<[number, string]>(database, 'app', [...appIds.entries()], {
    ...{ id: ['uuid', ([, id]) => id], ...household, name: ['text', ([at]) => `App ${at}`] },
    bundle_id: ['text', ([at]) => bundleIdOf(at)],
  });
  await insertRoots(database, owner, 'snapshot', snapshots);
  await insertRows<Item>(database, 'snapshot', snapshots, {
    ...{ id: ['uuid', ({ id }) => id], ...household, device_id: ['uuid', (item) => item.of] },
    ...{ taken_at: ['timestamptz', ({ at }) => at], files: ['bigint', () => 0] },
    ...{ encrypted: ['boolean', () => true], complete: ['boolean', () => true] },
    facts: ['jsonb', () => '{}'],
  });
  await insertInstalled(database, snapshots, apps);
  await insertRoots(database, owner, 'artifact', artifacts);
  await insertRows<Item>(database, 'app_version', artifacts, {
    ...{ id: ['uuid', ({ id }) => id], app_id: ['uuid', (item) => item.of] },
    ...{ identity: ['text', ({ number }) => String(number)] },
    version: ['text', ({ number }) => versionOf(number)],
  });
  await insertRows<Item>(database, 'artifact', artifacts, {
    ...{ id: ['uuid', ({ id }) => id], ...household, app_version_id: ['uuid', ({ id }) => id] },
    ...{ sha256: ['bytea', ({ id }) => Buffer.from(id)], size: ['bigint', () => 0] },
    ...{ file_name: ['text', () => 'app.ipa'] },
    facts: ['jsonb', () => '{"minimumOs": "15.0", "deviceFamilies": [1, 2]}'],
  });
}

async function insertRoots(
  database: Database,
  { householdId, memberId }: Owner,
  kind: 'snapshot' | 'artifact',
  items: readonly Item[],
): Promise<void> {
  await insertRows<Item>(database, 'root', items, {
    ...{ id: ['uuid', ({ id }) => id], household_id: ['uuid', () => householdId] },
    ...{ kind: ['text', () => kind], member_id: ['uuid', () => memberId] },
    ...{ manifest: ['bytea', () => NOTHING], tree: ['bytea', () => NOTHING] },
    ...{ chunk_set: ['bytea', ({ set }) => Buffer.from(set)], entries: ['bigint', () => 0] },
    ...{ bytes: ['bigint', () => 0], new_bytes: ['bigint', () => 0] },
    ...{ stored_bytes: ['bigint', () => 0], created_at: ['timestamptz', ({ at }) => at] },
  });
}

/** Every backup tells of every app, in the version before the last: what devices run is floor. */
async function insertInstalled(
  database: Database,
  snapshots: readonly Item[],
  apps: SampleChunkSets['apps'],
): Promise<void> {
  const installed = snapshots.flatMap(({ id }) =>
    apps.map((versions, at) => ({ id, at, version: versionOf(versions.length - 2) })),
  );
  await insertRows<(typeof installed)[number]>(database, 'installed_app', installed, {
    ...{ snapshot_id: ['uuid', ({ id }) => id], bundle_id: ['text', ({ at }) => bundleIdOf(at)] },
    version: ['text', ({ version }) => version],
  });
}

/** The last of each history is of today. */
function itemsOf(
  histories: readonly (readonly Uint8Array[])[],
  owners: readonly string[],
  days: number,
): Item[] {
  const now = systemClock.now().getTime();
  return histories.flatMap((history, owner) =>
    history.map((set, number) => ({
      ...{ id: newId(systemClock), of: owners[owner] ?? '', number, set },
      at: new Date(now - (history.length - 1 - number) * days * DAY_MS),
    })),
  );
}

function bundleIdOf(app: number): string {
  return `org.example.app${app}`;
}

function versionOf(number: number): string {
  return `${Math.floor(number / VERSIONS_A_MAJOR) + 1}.${number % VERSIONS_A_MAJOR}`;
}
