import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

/** What an administrator sees of everybody's devices: that they are backed up, and nothing of what is in the backups. */
export interface DeviceHealthView {
  readonly id: string;
  readonly name: string;
  /** Null: the household's. */
  readonly ownerId: string | null;
  readonly owner: string | null;
  readonly retiredAt: Date | null;
  readonly latestTakenAt: Date | null;
}

/** All devices of the household. For administrators; the caller sees to that. */
export async function listDeviceHealth(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<DeviceHealthView>> {
  return pageOf<DeviceHealthView, DeviceHealthView>(source, {
    sql: `select device.id, coalesce(own_name, device.name) as name, owner_id as "ownerId", member.name as owner,
        retired_at as "retiredAt", (select max(taken_at) from snapshot join root on root.id = snapshot.id
          where device_id = device.id and forgotten_at is null
            and (device.owner_id is null or root.member_id = device.owner_id)) as "latestTakenAt"
      from device left join member on member.id = device.owner_id
      where device.household_id = $3 and ($1::uuid is null or device.id > $1) order by device.id limit $2`,
    parameters: [actor.householdId],
    page,
    toItem: (row) => row,
  });
}
