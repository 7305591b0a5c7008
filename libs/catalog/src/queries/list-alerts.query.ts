import type { Actor } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { visibleDevices } from '../gate/visible-devices.sql.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

const DEVICES = visibleDevices({ household: '$3', member: '$4' });

export interface NamedVersionView {
  readonly version: string | null;
  readonly build: string | null;
  readonly externalVersionId: string | null;
}

export interface AlertView {
  readonly id: string;
  readonly deviceId: string;
  readonly deviceName: string;
  readonly bundleId: string;
  readonly holdId: string;
  /** What is to be on the device. */
  readonly held: NamedVersionView;
  /** What a backup showed. */
  readonly seen: NamedVersionView;
  /** That backup, as long as it is kept. */
  readonly snapshotId: string;
  readonly raisedAt: Date;
  /** Set when somebody said that they have seen it. */
  readonly dismissedAt: Date | null;
}

const NAMED = (table: string): string =>
  `jsonb_build_object('version', ${table}.version, 'build', ${table}.build, 'externalVersionId', ${table}.external_version_id)`;

/** Of the member's own devices and the household's: where a backup shows another version than is held. Newest first; resolved ones are not in it. */
export async function listAlerts(
  source: DataSource,
  actor: Actor,
  page: PageRequest & { readonly dismissed: boolean },
): Promise<Page<AlertView>> {
  return pageOf<AlertView, AlertView>(source, {
    sql: `select alert.id, device.id as "deviceId", device.name as "deviceName", bundle_id as "bundleId", hold.id as "holdId",
        ${NAMED('hold')} as held, ${NAMED('alert')} as seen, snapshot_id as "snapshotId", raised_at as "raisedAt",
        dismissed_at as "dismissedAt"
      from alert join hold on hold.id = alert.hold_id
        join ${DEVICES} as device on device.id = alert.device_id and device.hold = 'held'
      where alert.household_id = $3 and resolved_at is null and ($5 or dismissed_at is null)
        and ($1::uuid is null or alert.id < $1)
      order by alert.id desc limit $2`,
    parameters: [actor.householdId, actor.memberId, page.dismissed],
    page,
    toItem: (row) => row,
  });
}
