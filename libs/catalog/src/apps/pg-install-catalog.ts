import type {
  AppOnDevice,
  InstallCatalog,
  InstallDevice,
  Membership,
  PackageRecord,
} from '@rootcellar/archive';
import type { ArtifactId, DeviceId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { readableRoots } from '../gate/readable-roots.sql.js';
import { visibleDevices } from '../gate/visible-devices.sql.js';
import { firstRow, rows } from '../sql.js';

const READER = { household: '$1', member: '$2' };

interface DeviceRow {
  readonly id: DeviceId;
  readonly name: string;
  readonly productType: string | null;
  readonly productVersion: string | null;
  readonly asOf: Date | null;
  readonly buyerKnown: boolean | null;
  readonly installed: Readonly<Record<keyof AppOnDevice, unknown>> | null;
}

/** The newest backup of a device and those it continues which its holder may read; shared ones are of others' devices. */
const NEWEST = `select snapshot.id, snapshot.taken_at from snapshot join ${readableRoots(READER)} as root on root.id = snapshot.id
  where device_id = any(device.line) and forgotten_at is null and not lent order by taken_at desc, snapshot.id desc limit 1`;

/** Whether one of its apps has the package's buyer; null when the package has none, or no app has one. */
const BUYER_KNOWN = `(select bool_or(installed_app.buyer = package.buyer) from installed_app
  where installed_app.snapshot_id = newest.id and installed_app.buyer is not null and package.buyer is not null)`;

const INSTALLED = `(select jsonb_build_object('version', version, 'build', build, 'externalVersionId', external_version_id,
    'offloaded', offloaded)
  from installed_app where snapshot_id = newest.id and bundle_id = package.bundle_id limit 1)`;

export class PgInstallCatalog implements InstallCatalog {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async findPackage(
    { householdId, memberId }: Membership,
    id: ArtifactId,
  ): Promise<PackageRecord | undefined> {
    const row = await firstRow<
      Pick<PackageRecord, 'id' | 'bundleId' | 'name' | 'facts'> &
        Readonly<Record<'version' | 'build' | 'externalVersionId', string | null>>
    >(
      this.#source,
      // What the package says of itself: packages of two versions may carry one number of the store.
      `select artifact.id, bundle_id as "bundleId", coalesce(facts ->> 'name', app.name) as name,
          coalesce(facts ->> 'version', version) as version, case when facts ? 'version' then facts ->> 'build' else build end as build,
          external_version_id as "externalVersionId", facts
        from artifact join ${readableRoots(READER)} as root on root.id = artifact.id
          join app_version on app_version.id = artifact.app_version_id join app on app.id = app_version.app_id
        where artifact.id = $3`,
      [householdId, memberId, id],
    );
    if (row === undefined) return undefined;
    const { version, build, externalVersionId, ...known } = row;
    return {
      ...known,
      version: version ?? undefined,
      build: build ?? undefined,
      externalVersionId: externalVersionId ?? undefined,
    };
  }

  async installDevices(
    { householdId, memberId }: Membership,
    id: ArtifactId,
    { only, after, limit }: Parameters<InstallCatalog['installDevices']>[2],
  ): Promise<readonly InstallDevice[]> {
    const found = await rows<DeviceRow>(
      this.#source,
      `select device.id, device.name, device.product_type as "productType", device.product_version as "productVersion",
          newest.taken_at as "asOf", ${BUYER_KNOWN} as "buyerKnown", ${INSTALLED} as installed
        from (select artifact.id, buyer, bundle_id from artifact join ${readableRoots(READER)} as root on root.id = artifact.id
            join app_version on app_version.id = artifact.app_version_id join app on app.id = app_version.app_id
            where artifact.id = $3) as package
          cross join ${visibleDevices(READER)} as device left join lateral (${NEWEST}) as newest on true
        where hold = 'held' and ($5::uuid is null or device.id > $5) and (device.id = $4 or ($4::uuid is null and retired_at is null
          and not exists (select from device as newer where newer.successor_of = device.id)))
        order by device.id limit $6`,
      [householdId, memberId, id, only ?? null, after ?? null, limit],
    );
    return found.map((row) => ({
      ...row,
      productType: row.productType ?? undefined,
      productVersion: row.productVersion ?? undefined,
      asOf: row.asOf ?? undefined,
      buyerKnown: row.buyerKnown ?? undefined,
      installed: row.installed === null ? undefined : onDevice(row.installed),
    }));
  }
}

function onDevice(row: NonNullable<DeviceRow['installed']>): AppOnDevice {
  return {
    version: textOf(row.version),
    build: textOf(row.build),
    externalVersionId: textOf(row.externalVersionId),
    offloaded: row.offloaded === true,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
