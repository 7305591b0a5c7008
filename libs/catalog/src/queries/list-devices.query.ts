import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { firstRow } from '../sql.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface DeviceView {
  readonly id: string;
  readonly udid: string;
  readonly name: string;
  readonly productType: string | null;
  readonly productVersion: string | null;
  readonly createdAt: Date;
  readonly snapshots: number;
  /** The newest, by the time it was taken. */
  readonly latestSnapshotId: string | null;
  readonly latestTakenAt: Date | null;
}

type DeviceViewRow = Omit<DeviceView, 'snapshots'> & { readonly snapshots: string };

const DEVICE_VIEW = `
  select device.id, udid, name, product_type as "productType", device.product_version as "productVersion",
    device.created_at as "createdAt", (select count(*) from snapshot join root on root.id = snapshot.id
      where device_id = device.id and forgotten_at is null) as snapshots,
    latest.id as "latestSnapshotId", latest.taken_at as "latestTakenAt"
  from device left join lateral (
    select snapshot.id, taken_at from snapshot join root on root.id = snapshot.id
    where device_id = device.id and forgotten_at is null order by taken_at desc, snapshot.id desc limit 1) latest on true`;

/** The member's own devices. */
export async function listDevices(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<DeviceView>> {
  return pageOf<DeviceViewRow, DeviceView>(source, {
    sql: `${DEVICE_VIEW} where household_id = $3 and owner_id = $4 and ($1::uuid is null or device.id > $1)
      order by device.id limit $2`,
    parameters: [actor.householdId, actor.memberId],
    page,
    toItem,
  });
}

/** By id, UDID or name; of several of one name, the newest. */
export async function findDevice(
  source: DataSource,
  actor: Actor,
  which: string,
): Promise<DeviceView | undefined> {
  const row = await firstRow<DeviceViewRow>(
    source,
    `${DEVICE_VIEW} where household_id = $1 and owner_id = $2
      and (device.id::text = lower($3) or lower(udid) = lower($3) or name = $3)
      order by (name = $3), device.id desc limit 1`,
    [actor.householdId, actor.memberId, which],
  );
  return row === undefined ? undefined : toItem(row);
}

function toItem(row: DeviceViewRow): DeviceView {
  return { ...row, snapshots: Number(row.snapshots) };
}
