import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { readableRoots } from '../gate/readable-roots.sql.js';
import type { Reader } from '../gate/readable-roots.sql.js';
import { visibleDevices } from '../gate/visible-devices.sql.js';
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
  /** `former`: it belongs to somebody else by now, and older snapshots of it are the member's. */
  readonly owner: 'me' | 'household' | 'former';
  readonly retiredAt: Date | null;
  /** The device it replaced, whose snapshots count as its own. */
  readonly successorOf: string | null;
  /** Members whose computers may push for it too. */
  readonly pushableBy: string[];
  readonly snapshots: number;
  /** The newest, by the time it was taken. */
  readonly latestSnapshotId: string | null;
  readonly latestTakenAt: Date | null;
}

type DeviceViewRow = Omit<DeviceView, 'snapshots'> & { readonly snapshots: string };

function deviceView(reader: Reader): string {
  const ofLine = `from snapshot join ${readableRoots(reader)} as root on root.id = snapshot.id
    where device_id = any(device.line) and forgotten_at is null and not lent`;
  return `
    select device.id, udid, name, product_type as "productType", device.product_version as "productVersion",
      device.created_at as "createdAt", retired_at as "retiredAt", successor_of as "successorOf",
      case when hold = 'former' then 'former' when shared_by_all then 'household' else 'me' end as owner,
      (select coalesce(jsonb_agg(member_id order by member_id), '[]') from device_pusher
        where device_id = device.id and hold = 'held') as "pushableBy",
      (select count(*) ${ofLine}) as snapshots, latest.id as "latestSnapshotId", latest.taken_at as "latestTakenAt"
    from ${visibleDevices(reader)} as device left join lateral (
      select snapshot.id, taken_at ${ofLine} order by taken_at desc, snapshot.id desc limit 1) latest on true`;
}

/** The member's own devices and the household's. Retired ones, and those another continues, when they are asked for. */
export async function listDevices(
  source: DataSource,
  actor: Actor,
  request: PageRequest & { readonly all?: boolean },
): Promise<Page<DeviceView>> {
  return pageOf<DeviceViewRow, DeviceView>(source, {
    sql: `${deviceView({ household: '$3', member: '$4' })} where ($1::uuid is null or device.id > $1) and ($5 or (retired_at is null
        and not exists (select from device as newer where newer.successor_of = device.id and hold = 'held')))
      order by device.id limit $2`,
    parameters: [actor.householdId, actor.memberId, request.all === true],
    page: request,
    toItem,
  });
}

/** By id, UDID or name; of several of one name those that are not given away first, then the newest. */
export async function findDevice(
  source: DataSource,
  actor: Actor,
  which: string,
): Promise<DeviceView | undefined> {
  const row = await firstRow<DeviceViewRow>(
    source,
    `${deviceView({ household: '$1', member: '$2' })}
      where device.id::text = lower($3) or lower(udid) = lower($3) or name = $3
      order by (name = $3), hold = 'held' desc, device.id desc limit 1`,
    [actor.householdId, actor.memberId, which],
  );
  return row === undefined ? undefined : toItem(row);
}

function toItem(row: DeviceViewRow): DeviceView {
  return { ...row, snapshots: Number(row.snapshots) };
}
