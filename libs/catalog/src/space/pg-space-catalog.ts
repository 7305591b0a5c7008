import type {
  ArtifactRoot,
  Inventory,
  PackSpace,
  SnapshotRoot,
  SpaceCatalog,
  StorageDay,
} from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { HouseholdId, RootId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { firstRow, rows } from '../sql.js';
import { DEVICES, SNAPSHOT_ROOTS, ARTIFACT_ROOTS } from './inventory.sql.js';
import { copyOut } from './copy-out.js';
import { joinWeights } from './weight-runs.js';
import type { WeightRow, WeightRun } from './weight-runs.js';

/** As PostgreSQL gives it: null for what is not there. */
type Nullable<T> = {
  readonly [K in keyof T]: undefined extends T[K] ? Exclude<T[K], undefined> | null : T[K];
};
interface BinColumns {
  readonly forgottenAt: Date | null;
  readonly goneAfter: Date | null;
  readonly rule: string | null;
  readonly logicalBytes: string;
  readonly neededBytes: string | null;
}
type SnapshotColumns = Omit<SnapshotRoot, 'kind' | 'bin' | 'logicalBytes' | 'neededBytes'> &
  BinColumns;
type ArtifactColumns = Nullable<
  Omit<ArtifactRoot, 'kind' | 'bin' | 'logicalBytes' | 'neededBytes' | 'deviceFamilies'>
> &
  BinColumns & { readonly deviceFamilies: readonly unknown[] | null };
type InstalledColumns = readonly Readonly<Record<string, string | null>>[] | null;
type DeviceColumns = Nullable<Omit<Inventory['devices'][number], 'installed' | 'held'>> & {
  readonly installed: InstalledColumns;
  readonly held: InstalledColumns;
};

/** One is a pack, of a few hundred chunks: a page has some megabytes. */
const WEIGHT_ROWS_A_PAGE = 16_384;
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export class PgSpaceCatalog implements SpaceCatalog {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async inventory(householdId: HouseholdId): Promise<Inventory> {
    return this.#source.transaction('REPEATABLE READ', async (tx) => {
      const of = [householdId];
      const snapshots = await rows<SnapshotColumns>(tx, SNAPSHOT_ROOTS, of);
      const artifacts = await rows<ArtifactColumns>(tx, ARTIFACT_ROOTS, of);
      const devices = await rows<DeviceColumns>(tx, DEVICES, of);
      const apps = await rows<{ bundleId: string; name: string; subscriptionFrom: string | null }>(
        tx,
        `select bundle_id as "bundleId", name, subscription_from as "subscriptionFrom"
          from app where household_id = $1 order by bundle_id`,
        of,
      );
      const members = await rows<Inventory['members'][number]>(
        tx,
        'select id, name from member where household_id = $1 order by id',
        of,
      );
      const roots = [...snapshots.map(toSnapshot), ...artifacts.map(toArtifact)];
      return {
        roots: roots.sort((a, b) => (a.id < b.id ? -1 : 1)),
        devices: devices.map(toDevice),
        apps: apps.map((app) => ({ ...app, subscriptionFrom: app.subscriptionFrom ?? undefined })),
        members,
      };
    });
  }

  async chunkSets(
    householdId: HouseholdId,
    ids: readonly RootId[],
  ): Promise<ReadonlyMap<RootId, Uint8Array>> {
    if (ids.length === 0) return new Map();
    const found = await copyOut(
      this.#source,
      `select id::text, chunk_set from root where household_id = ${uuid(householdId)} and id in (${ids.map(uuid).join()})`,
    );
    return new Map(found.map(([id, set]) => [String(id) as RootId, set ?? Buffer.alloc(0)]));
  }

  async noteNeededBytes(
    householdId: HouseholdId,
    bytes: ReadonlyMap<RootId, number>,
  ): Promise<void> {
    await this.#source.query(
      // Waits for nobody: a row that is busy is noted the next time.
      `with free as (
          select id from root where household_id = $1 and id = any($2::uuid[]) and needed_bytes is null
          for no key update skip locked)
        update root set needed_bytes = noted.bytes
        from free join unnest($2::uuid[], $3::bigint[]) as noted (id, bytes) using (id) where root.id = free.id`,
      [householdId, [...bytes.keys()], [...bytes.values()]],
    );
  }

  async weights(
    householdId: HouseholdId,
    from: number,
  ): Promise<readonly { readonly first: number; readonly weights: Uint32Array }[]> {
    const runs: WeightRun[] = [];
    for (let next = from, more = true; more;) {
      const of = `household_id = ${uuid(householdId)}`;
      const page = await copyOut(
        this.#source,
        `select first, weights from chunk_weights where ${of}
            and first >= coalesce((select max(first) from chunk_weights where ${of} and first <= ${next}), 0)
          order by first limit ${WEIGHT_ROWS_A_PAGE}`,
      );
      const found = joinWeights(page as unknown as readonly WeightRow[]);
      runs.push(...found);
      const last = found.at(-1);
      if (last !== undefined) next = last.first + last.weights.length;
      more = page.length === WEIGHT_ROWS_A_PAGE;
    }
    return runs;
  }

  async packSpace(householdId: HouseholdId): Promise<PackSpace> {
    const row = await firstRow<Record<keyof PackSpace, string>>(
      this.#source,
      `select coalesce(sum(size), 0) as "storedBytes", coalesce(sum(payload), 0) as "payloadBytes",
          coalesce(sum(payload) filter (where state = 'live'
            and exists (select from upload_pack where pack_id = pack.id)
            and not exists (select from root_pack where pack_id = pack.id)), 0) as "uploadBytes",
          coalesce(sum(payload) filter (where state <> 'live'), 0) as "condemnedBytes"
        from pack where household_id = $1 and state in ('live', 'condemned', 'deleting')`,
      [householdId],
    );
    return {
      storedBytes: Number(row?.storedBytes ?? 0),
      payloadBytes: Number(row?.payloadBytes ?? 0),
      uploadBytes: Number(row?.uploadBytes ?? 0),
      condemnedBytes: Number(row?.condemnedBytes ?? 0),
    };
  }

  async noteDay(householdId: HouseholdId, day: StorageDay): Promise<void> {
    await this.#source.query(
      `insert into storage_day (household_id, day, logical, stored, needed, bin) values ($1, $2, $3, $4, $5, $6)
        on conflict (household_id, day) do update set
          logical = excluded.logical, stored = excluded.stored, needed = excluded.needed, bin = excluded.bin`,
      [householdId, day.day, day.logicalBytes, day.storedBytes, day.neededBytes, day.binBytes],
    );
  }

  async history(householdId: HouseholdId, days: number): Promise<readonly StorageDay[]> {
    const found = await rows<Record<keyof StorageDay, string>>(
      this.#source,
      `select to_char(day, 'YYYY-MM-DD') as day, logical as "logicalBytes", stored as "storedBytes", needed as "neededBytes",
          bin as "binBytes"
        from storage_day where household_id = $1 order by storage_day.day desc limit $2`,
      [householdId, days],
    );
    return found.reverse().map((row) => ({
      day: row.day,
      logicalBytes: Number(row.logicalBytes),
      storedBytes: Number(row.storedBytes),
      neededBytes: Number(row.neededBytes),
      binBytes: Number(row.binBytes),
    }));
  }
}

function sizesOf({
  logicalBytes,
  neededBytes,
}: BinColumns): Pick<SnapshotRoot, 'logicalBytes' | 'neededBytes'> {
  return {
    logicalBytes: Number(logicalBytes),
    neededBytes: neededBytes === null ? undefined : Number(neededBytes),
  };
}

function binOf({ forgottenAt, goneAfter, rule }: BinColumns): SnapshotRoot['bin'] {
  if (forgottenAt === null || goneAfter === null) return undefined;
  return { forgottenAt, goneAfter, rule: rule ?? undefined };
}

function toSnapshot(row: SnapshotColumns): SnapshotRoot {
  const { id, deviceId, deviceName, takenAt, storedAt, complete, pinned } = row;
  const { memberId, householdWide } = row;
  return {
    kind: 'snapshot',
    ...{ id, deviceId, deviceName, memberId, householdWide, takenAt, storedAt, complete, pinned },
    ...sizesOf(row),
    bin: binOf(row),
  };
}

function toArtifact(row: ArtifactColumns): ArtifactRoot {
  const { id, bundleId, appName, versionId, memberId, householdWide, storedAt, pinned } = row;
  return {
    kind: 'artifact',
    ...{ id, bundleId, appName, versionId, memberId, householdWide, storedAt, pinned },
    version: row.version ?? undefined,
    build: row.build ?? undefined,
    externalVersionId: row.externalVersionId ?? undefined,
    minimumOs: row.minimumOs ?? undefined,
    deviceFamilies: (row.deviceFamilies ?? []).filter((family) => typeof family === 'number'),
    ...sizesOf(row),
    bin: binOf(row),
  };
}

function toDevice(row: DeviceColumns): Inventory['devices'][number] {
  return {
    id: row.id,
    name: row.name,
    ownerId: row.ownerId ?? undefined,
    successorOf: row.successorOf ?? undefined,
    productType: row.productType ?? undefined,
    productVersion: row.productVersion ?? undefined,
    installed: toInstalled(row.installed),
    held: toInstalled(row.held),
  };
}

function toInstalled(columns: InstalledColumns): Inventory['devices'][number]['installed'] {
  return (columns ?? []).map(({ bundleId, version, build, externalVersionId }) => ({
    bundleId: bundleId ?? '',
    version: version ?? undefined,
    build: build ?? undefined,
    externalVersionId: externalVersionId ?? undefined,
  }));
}

/** Into a statement that takes no parameters. */
function uuid(id: string): string {
  if (!UUID.test(id)) throw new ArchiveError('INTERNAL', 'An id is not a UUID.');
  return `'${id}'`;
}
