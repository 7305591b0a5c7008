import type {
  AppWishes,
  AuditLine,
  KeptPackage,
  Membership,
  NewRollbackPlan,
  PlanGround,
  RollbackCatalog,
  RollbackDevice,
  SeenSnapshot,
  StoredRollbackPlan,
} from '@rootcellar/archive';
import type { Clock, DeviceId, HouseholdId, RollbackPlanId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { audit } from '../audit.js';
import { readableRoots } from '../gate/readable-roots.sql.js';
import { visibleDevices } from '../gate/visible-devices.sql.js';
import { firstRow, rows } from '../sql.js';
import { toPackage, toSnapshot, toStored } from './rollback-rows.js';
import type { PackageColumns, PlanColumns, SnapshotColumns } from './rollback-rows.js';
import { toNamed } from './run-rows.js';
import type { NamedColumns } from './run-rows.js';

const READER = { household: '$1', member: '$2' };
const READABLE = readableRoots(READER);
const DEVICES = visibleDevices(READER);

/** Snapshots of `$3`, a device the reader holds, and of those it continues, with what they say of app `$4`. */
const SNAPSHOTS = `
  select snapshot.id, root.member_id as "ownerId", taken_at as "takenAt", encrypted, complete,
    snapshot.product_version as "productVersion", root.lent, coalesce(root.lent_apps is not null, false) as partly,
    case when installed_app.bundle_id is not null then jsonb_build_object('version', installed_app.version,
      'build', installed_app.build, 'externalVersionId', installed_app.external_version_id,
      'name', installed_app.name, 'offloaded', installed_app.offloaded) end as app
  from ${DEVICES} as device join snapshot on snapshot.device_id = any(device.line)
    join ${READABLE} as root on root.id = snapshot.id
    left join installed_app on installed_app.snapshot_id = snapshot.id and installed_app.bundle_id = $4
  where device.id = $3 and device.hold = 'held' and root.forgotten_at is null
    and (root.lent_apps is null or $4 = any(root.lent_apps))
  order by taken_at desc, snapshot.id desc`;
const SNAPSHOTS_MAX = 2000;

/** What rollback plans are made of and where they are kept; all reads are through the gate. */
export class PgRollbackCatalog implements RollbackCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async findDevice(reader: Membership, id: DeviceId): Promise<RollbackDevice | undefined> {
    const row = await firstRow<{
      id: DeviceId;
      udid: string;
      name: string;
      productType: string | null;
      productVersion: string | null;
    }>(
      this.#source,
      `select id, udid, name, product_type as "productType", product_version as "productVersion"
        from ${DEVICES} as device where id = $3 and hold = 'held'`,
      [reader.householdId, reader.memberId, id],
    );
    if (row === undefined) return undefined;
    const { productType, productVersion } = row;
    return {
      ...row,
      productType: productType ?? undefined,
      productVersion: productVersion ?? undefined,
    };
  }

  async snapshots(
    reader: Membership,
    deviceId: DeviceId,
    bundleId: string,
  ): Promise<readonly SeenSnapshot[]> {
    const found = await rows<SnapshotColumns>(this.#source, `${SNAPSHOTS} limit $5`, [
      ...[reader.householdId, reader.memberId, deviceId, bundleId, SNAPSHOTS_MAX],
    ]);
    return found.map(toSnapshot);
  }

  async packages(reader: Membership, bundleId: string): Promise<readonly KeptPackage[]> {
    const found = await rows<PackageColumns>(
      this.#source,
      `select artifact.id as "artifactId", app.bundle_id as "bundleId", app_version.id as "versionId", app.name as "appName", version, build,
          external_version_id as "externalVersionId", file_name as "fileName", encode(sha256, 'hex') as sha256, size,
          root.created_at as "addedAt", facts
        from app join app_version on app_version.app_id = app.id join artifact on artifact.app_version_id = app_version.id
          join ${READABLE} as root on root.id = artifact.id and root.forgotten_at is null
        where app.household_id = $1 and app.bundle_id = $3`,
      [reader.householdId, reader.memberId, bundleId],
    );
    return found.map(toPackage);
  }

  async wishes(
    householdId: HouseholdId,
    { bundleId, deviceId }: { readonly bundleId: string; readonly deviceId: DeviceId },
  ): Promise<AppWishes> {
    const row = await firstRow<{ from: string | null; held: NamedColumns | null }>(
      this.#source,
      `select (select subscription_from from app where household_id = $1 and bundle_id = $2) as from,
        (select jsonb_build_object('version', version, 'build', build, 'externalVersionId', external_version_id)
          from hold where household_id = $1 and device_id = $3 and bundle_id = $2 and released_at is null) as held`,
      [householdId, bundleId, deviceId],
    );
    return { subscriptionFrom: row?.from ?? undefined, held: toNamed(row?.held ?? null) };
  }

  async save(plan: NewRollbackPlan, lines: readonly AuditLine[]): Promise<void> {
    const { id, householdId, memberId, content, restsOn, expiresAt } = plan;
    await this.#source.transaction(async (tx) => {
      // Plans that were never begun are of no use when they are old.
      await tx.query(
        `delete from rollback_plan where member_id = $1 and state in ('planned', 'given-up') and expires_at < now() - interval '30 days'`,
        [memberId],
      );
      await tx.query(
        `insert into rollback_plan (id, household_id, member_id, device_id, bundle_id, artifact_id, data_snapshot_id,
            newest_snapshot_id, rests_on, plan, created_at, expires_at)
          values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
        [
          ...[id, householdId, memberId, content.device.id, content.app.bundleId],
          ...[restsOn.artifactId, restsOn.dataSnapshotId, restsOn.newestSnapshotId],
          ...[JSON.stringify(restsOn), JSON.stringify(content), this.#clock.now(), expiresAt],
        ],
      );
      await audit(tx, this.#clock, householdId, lines);
    });
  }

  async find(
    { householdId, memberId }: Membership,
    id: RollbackPlanId,
  ): Promise<StoredRollbackPlan | undefined> {
    const row = await firstRow<PlanColumns>(
      this.#source,
      `select id, household_id as "householdId", member_id as "memberId", rests_on as "restsOn", plan, state, state_at as "stateAt",
          backup_snapshot_id as "backupSnapshotId", created_at as "createdAt", expires_at as "expiresAt",
          exists (select from rollback_step where plan_id = rollback_plan.id) as begun
        from rollback_plan where household_id = $1 and member_id = $2 and id = $3`,
      [householdId, memberId, id],
    );
    return row === undefined ? undefined : toStored(row);
  }

  async ground(reader: Membership, plan: StoredRollbackPlan): Promise<PlanGround> {
    const { device, app } = plan.content;
    const { artifactId, dataSnapshotId } = plan.restsOn;
    const visible = await this.findDevice(reader, device.id);
    // Of whole snapshots only: one app's share does not tell what the newest backup is.
    const newest = await firstRow<SnapshotColumns>(
      this.#source,
      `select * from (${SNAPSHOTS}) as seen where not partly order by "takenAt" desc, id desc limit 1`,
      [reader.householdId, reader.memberId, device.id, app.bundleId],
    );
    const readable = await rows<{ id: string }>(
      this.#source,
      `select root.id from ${READABLE} as root where root.id = any($3::uuid[]) and root.forgotten_at is null
        and (root.lent_apps is null or $4 = any(root.lent_apps))`,
      [
        ...[reader.householdId, reader.memberId],
        ...[[artifactId, dataSnapshotId].filter((id) => id !== null), app.bundleId],
      ],
    );
    const ids = new Set(readable.map(({ id }) => id));
    return {
      deviceVisible: visible !== undefined,
      artifactReadable: artifactId !== null && ids.has(artifactId),
      dataReadable: dataSnapshotId !== null && ids.has(dataSnapshotId),
      newest: newest === undefined ? undefined : toSnapshot(newest),
    };
  }
}
