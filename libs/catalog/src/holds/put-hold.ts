import type { Doer, HoldId, NewHold } from '@rootcellar/archive';
import type { Clock, MemberId } from '@rootcellar/model';
import type { EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { firstRow } from '../sql.js';

/** Sets a hold in the place of the one there may be, whose alerts are resolved by it. The device must be locked. @returns its id */
export async function putHold(
  tx: EntityManager,
  clock: Clock,
  hold: NewHold,
  by: Doer,
): Promise<HoldId> {
  const { id, householdId, deviceId, bundleId, version, build, externalVersionId, planId } = hold;
  const device = await firstRow<{ name: string; ownerId: MemberId | null }>(
    tx,
    'select coalesce(own_name, name) as name, owner_id as "ownerId" from device where id = $1',
    [deviceId],
  );
  await endHolds(tx, deviceId, bundleId);
  await tx.query(
    `insert into hold (id, household_id, device_id, bundle_id, version, build, external_version_id, member_id, plan_id)
      values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      ...[id, householdId, deviceId, bundleId, version ?? null, build ?? null],
      ...[externalVersionId ?? null, by.memberId, planId ?? null],
    ],
  );
  const what = `${bundleId} ${version ?? externalVersionId ?? ''}`.trim();
  await audit(tx, clock, householdId, [
    {
      ...{ action: 'hold-set', kind: 'device', id: deviceId, ...by },
      subject: `${device?.name ?? ''}: ${what}`,
      // What is on a device is its owner's to know.
      concernsId: device?.ownerId ?? undefined,
      private: device?.ownerId !== null,
    },
  ]);
  return id;
}

/** Of one app on a device, or of all. */
export async function endHolds(
  tx: EntityManager,
  deviceId: string,
  bundleId?: string,
): Promise<void> {
  await tx.query(
    `with released as (
        update hold set released_at = now()
        where device_id = $1 and ($2::text is null or bundle_id = $2) and released_at is null returning id)
      update alert set resolved_at = now() from released where hold_id = released.id and resolved_at is null`,
    [deviceId, bundleId ?? null],
  );
}
