import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { visibleDevices } from '../gate/visible-devices.sql.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

const DEVICES = visibleDevices({ household: '$3', member: '$4' });

export interface HoldView {
  readonly id: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly bundleId: string;
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
  readonly since: Date;
  /** Who set it; null when they are not there any more. */
  readonly by: string | null;
  /** The rollback it came from. */
  readonly planId: string | null;
}

/** What is held on the member's own devices and the household's, in the order it was set. */
export async function listHolds(
  source: DataSource,
  actor: Actor,
  page: PageRequest & { readonly deviceId?: string | undefined },
): Promise<Page<HoldView>> {
  return pageOf<HoldView, HoldView>(source, {
    sql: `select hold.id, device.id as "deviceId", device.name as "deviceName", bundle_id as "bundleId", version, build,
        external_version_id as "externalVersionId", since, member.name as by,
        (select id from rollback_plan where id = plan_id and rollback_plan.member_id = $4) as "planId"
      from hold join ${DEVICES} as device on device.id = hold.device_id and device.hold = 'held'
        left join member on member.id = hold.member_id
      where hold.household_id = $3 and released_at is null and ($5::uuid is null or device.id = $5)
        and ($1::uuid is null or hold.id > $1)
      order by hold.id limit $2`,
    parameters: [actor.householdId, actor.memberId, page.deviceId ?? null],
    page,
    toItem: (row) => row,
  });
}
