import type {
  AppCatalog,
  AppLink,
  CurrentDevice,
  Doer,
  KeptVersion,
  Membership,
  PackageDetails,
  SeenOften,
  SeenVersion,
  StoreOrder,
} from '@rootcellar/archive';
import type {
  ArtifactId,
  Clock,
  DeviceId,
  HouseholdId,
  MemberId,
  SnapshotId,
} from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { audit } from '../audit.js';
import { HOUSEHOLD_WIDE, readableRoots } from '../gate/readable-roots.sql.js';
import { DEVICE_LINE, DEVICE_NAME, visibleDevices } from '../gate/visible-devices.sql.js';
import { firstRow, rows } from '../sql.js';

const READER = { household: '$1', member: '$2' };
const READABLE = readableRoots(READER);
/** Packages a member may read, with their versions and apps. */
const KEPT = `app join app_version on app_version.app_id = app.id join artifact on artifact.app_version_id = app_version.id
  join ${READABLE} as root on root.id = artifact.id and forgotten_at is null`;
/** What backups a member may read tell of apps; of a share of one app's data, of that app. */
const SEEN = `installed_app as seen join snapshot on snapshot.id = seen.snapshot_id
  join ${READABLE} as root on root.id = snapshot.id and forgotten_at is null
    and (lent_apps is null or seen.bundle_id = any(lent_apps))
  join device on device.id = snapshot.device_id`;
const NAMES = `version, build, external_version_id as "externalVersionId"`;
/** Numbers of the store, which are digits of any length, as numbers. */
const LONGEST_FIRST = `length desc, newest::numeric desc, id`;

export class PgAppCatalog implements AppCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async keptVersions(reader: Membership, bundleIds: readonly string[]): Promise<KeptVersion[]> {
    return this.#read<KeptVersion>(
      reader,
      `select artifact.id, app.bundle_id as "bundleId", coalesce(facts ->> 'version', version) as version, build,
          external_version_id as "externalVersionId", coalesce(facts ->> 'name', app.name) as name,
          released_at as "releasedAt", purchased_at as "purchasedAt", store_list_id as "storeListId", contents is not null as described
        from ${KEPT} where app.household_id = $1 and app.bundle_id = any($3) order by artifact.id`,
      [bundleIds],
    );
  }

  async seenVersions(reader: Membership, bundleIds: readonly string[]): Promise<SeenVersion[]> {
    return this.#read<SeenVersion>(
      reader,
      `select seen.bundle_id as "bundleId", ${NAMES}, seen.name, item_id as "itemId", from_store as "fromStore", offloaded,
          released_at as "releasedAt", purchased_at as "purchasedAt", store_list_id as "storeListId", snapshot.id as "snapshotId",
          taken_at as "takenAt", encrypted, complete or lent_apps is not null as complete, device.id as "deviceId",
          ${DEVICE_NAME('root')} as "deviceName"
        from ${SEEN} where seen.bundle_id = any($3) order by taken_at desc, snapshot.id desc`,
      [bundleIds],
    );
  }

  async seenOften(reader: Membership, deviceId: DeviceId | undefined): Promise<SeenOften[]> {
    // Snapshots are numbered by their time first: the rest is counting numbers, however many apps each tells of.
    return this.#read<SeenOften>(
      reader,
      `with told as materialized (
          select snapshot.id, device.id as device_id, taken_at, complete or lent_apps is not null as whole, lent_apps,
            ${DEVICE_NAME('root')} as device_name, row_number() over (order by taken_at, snapshot.id) as n
          from snapshot join ${READABLE} as root on root.id = snapshot.id and forgotten_at is null
            join device on device.id = snapshot.device_id
          where snapshot.household_id = $1 and ($3::uuid is null or device.id = any(${DEVICE_LINE('$3::uuid')}::uuid[]))),
        counted as (
          select seen.bundle_id, version, build, external_version_id, device_id, min(n) as first, max(n) as last,
            max(seen.name collate "C") as name, max(item_id collate "C") as item_id, bool_or(from_store) as from_store,
            count(*) filter (where not offloaded) as installed, count(*) filter (where offloaded) as offloaded,
            count(*) filter (where whole) as whole
          from told join installed_app as seen on seen.snapshot_id = told.id
            and (lent_apps is null or seen.bundle_id = any(lent_apps))
          group by seen.bundle_id, version, build, external_version_id, device_id)
        select bundle_id as "bundleId", ${NAMES}, counted.name, item_id as "itemId", from_store as "fromStore",
          newest.device_id as "deviceId", newest.device_name as "deviceName", oldest.taken_at as "firstAt",
          newest.taken_at as "lastAt", newest.id as "lastSnapshotId", installed::integer, offloaded::integer,
          counted.whole::integer as complete
        from counted join told as oldest on oldest.n = counted.first join told as newest on newest.n = counted.last`,
      [deviceId ?? null],
    );
  }

  async currentDevices(reader: Membership): Promise<CurrentDevice[]> {
    return this.#read<CurrentDevice>(
      reader,
      `select held.id as "deviceId", held.name, newest.id as "snapshotId"
        from ${visibleDevices(READER)} as held cross join lateral (
          select snapshot.id from snapshot join ${READABLE} as root on root.id = snapshot.id and forgotten_at is null and not lent
          where snapshot.device_id = held.id order by taken_at desc, snapshot.id desc limit 1) as newest
        where hold = 'held' and retired_at is null and not exists (select from device as newer where newer.successor_of = held.id)
        order by held.id`,
    );
  }

  async seesDevice(reader: Membership, deviceId: DeviceId): Promise<boolean> {
    const sql = `select id from ${visibleDevices(READER)} as seen where id = $3`;
    return (await this.#read(reader, sql, [deviceId])).length > 0;
  }

  async bestStoreLists(
    householdId: HouseholdId,
    ids: readonly string[],
  ): Promise<readonly StoreOrder[]> {
    if (ids.length === 0) return [];
    return rows<StoreOrder>(
      this.#source,
      `select bundle_id as "bundleId", ids from store_list where id in (
        select distinct on (bundle_id) id from store_list where household_id = $1 and id = any($2)
        order by bundle_id, ${LONGEST_FIRST})`,
      [householdId, ids],
    );
  }

  async newestOfStore(
    reader: Membership,
    snapshotIds: readonly SnapshotId[],
  ): Promise<ReadonlyMap<string, string>> {
    const found = await this.#read<{ readonly bundleId: string; readonly newest: string }>(
      reader,
      `select distinct on (bundle_id) bundle_id as "bundleId", newest from store_list
        where household_id = $1 and id in (
          select store_list_id from artifact join ${READABLE} as root on root.id = artifact.id and forgotten_at is null
          union select store_list_id from ${SEEN} where snapshot.id = any($3))
        order by bundle_id, newest::numeric desc`,
      [snapshotIds],
    );
    return new Map(found.map(({ bundleId, newest }) => [bundleId, newest]));
  }

  async packageDetails(
    reader: Membership,
    ids: readonly ArtifactId[],
  ): Promise<ReadonlyMap<ArtifactId, PackageDetails>> {
    if (ids.length === 0) return new Map();
    const found = await this.#read<Omit<PackageDetails, 'size'> & { readonly size: string }>(
      reader,
      `select artifact.id, file_name as "fileName", size, root.created_at as "addedAt", pinned_at is not null and not lent as pinned,
          not ${HOUSEHOLD_WIDE('root')} as private, lent, facts ->> 'minimumOs' as "minimumOs",
          coalesce(facts -> 'deviceFamilies', '[]') as "deviceFamilies", coalesce(facts -> 'architectures', '[]') as architectures,
          facts, encode(buyer, 'hex') as buyer,
          contents
        from artifact join ${READABLE} as root on root.id = artifact.id and forgotten_at is null where artifact.id = any($3)`,
      [ids],
    );
    return new Map(found.map((row) => [row.id, { ...row, size: Number(row.size) }]));
  }

  async membersWhoBuyAs(
    reader: Membership,
    buyers: readonly string[],
  ): Promise<
    readonly { readonly buyer: string; readonly memberId: MemberId; readonly name: string }[]
  > {
    if (buyers.length === 0) return [];
    return this.#read(
      reader,
      `select distinct asked.buyer, member.id as "memberId", member.name
        from ${READABLE} as root join member on member.id = root.member_id
          cross join unnest($3::text[]) as asked (buyer)
        where root.kind = 'snapshot' and forgotten_at is null and not ${HOUSEHOLD_WIDE('root')} and exists (
          select from installed_app where installed_app.buyer = decode(asked.buyer, 'hex') and snapshot_id = root.id
            and (lent_apps is null or bundle_id = any(lent_apps)))`,
      [buyers],
    );
  }

  async subscriptions(
    reader: Membership,
    bundleIds: readonly string[],
  ): Promise<ReadonlyMap<string, string>> {
    const found = await this.#read<{ readonly bundleId: string; readonly from: string }>(
      reader,
      `select bundle_id as "bundleId", subscription_from as "from" from app
        where household_id = $1 and bundle_id = any($3) and subscription_from is not null and exists (
          select from app_version join artifact on artifact.app_version_id = app_version.id
            join ${READABLE} as root on root.id = artifact.id and forgotten_at is null
          where app_version.app_id = app.id)`,
      [bundleIds],
    );
    return new Map(found.map(({ bundleId, from }) => [bundleId, from]));
  }

  async links(householdId: HouseholdId): Promise<readonly AppLink[]> {
    return rows<AppLink>(
      this.#source,
      `select bundle_id as "bundleId", to_bundle_id as "to" from app_link where household_id = $1 order by bundle_id`,
      [householdId],
    );
  }

  async reach(
    reader: Membership,
    bundleId: string,
  ): Promise<{ readonly readable: boolean; readonly householdWide: boolean }> {
    const wide = HOUSEHOLD_WIDE('root');
    const [found] = await this.#read<{ readable: boolean; householdWide: boolean }>(
      reader,
      `select count(*) > 0 as readable, coalesce(bool_or(wide), false) as "householdWide" from (
        select ${wide} as wide from ${KEPT} where app.household_id = $1 and app.bundle_id = $3
        union all select ${wide} from ${SEEN} where seen.bundle_id = $3) as any_of_it`,
      [bundleId],
    );
    return found ?? { readable: false, householdWide: false };
  }

  async setLink(
    householdId: HouseholdId,
    { bundleId, to }: AppLink,
    by: Doer & { readonly private: boolean },
  ): Promise<void> {
    await this.#source.transaction(async (tx) => {
      const set = await firstRow(
        tx,
        `with set as (
            insert into app_link (household_id, bundle_id, to_bundle_id, linked_by) values ($1, $2, $3, $4)
            on conflict (household_id, bundle_id) do update set to_bundle_id = $3, linked_at = now(), linked_by = $4
              where app_link.to_bundle_id <> $3
            returning bundle_id)
          select bundle_id from set`,
        [householdId, bundleId, to, by.memberId],
      );
      if (set === undefined) return;
      const subject = `${bundleId} → ${to}`;
      await audit(tx, this.#clock, householdId, [
        { action: 'app-linked', kind: 'app', subject, ...by },
      ]);
    });
  }

  async removeLink(
    householdId: HouseholdId,
    { bundleId, to }: AppLink,
    by: Doer & { readonly private: boolean },
  ): Promise<void> {
    await this.#source.transaction(async (tx) => {
      const removed = await firstRow(
        tx,
        `with removed as (
            delete from app_link where household_id = $1 and bundle_id = $2 and to_bundle_id = $3 returning bundle_id)
          select bundle_id from removed`,
        [householdId, bundleId, to],
      );
      if (removed === undefined) return;
      const subject = `${bundleId} → ${to}`;
      await audit(tx, this.#clock, householdId, [
        { action: 'app-unlinked', kind: 'app', subject, ...by },
      ]);
    });
  }

  /** With the reader as `$1` and `$2`; what is null is left undefined. */
  async #read<Row extends object>(
    { householdId, memberId }: Membership,
    sql: string,
    parameters: readonly unknown[] = [],
  ): Promise<Row[]> {
    const found = await rows<Row>(this.#source, sql, [householdId, memberId, ...parameters]);
    // In place: there can be thousands.
    for (const row of found as Record<string, unknown>[])
      for (const key in row) if (row[key] === null) row[key] = undefined;
    return found;
  }
}
