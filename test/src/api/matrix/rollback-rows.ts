import type { Database } from '@rootcellar/catalog';
import { freshId } from './things.js';

interface Whose {
  readonly device: string;
  readonly household: string;
  readonly member: string;
}

/** A version that is held on a device, and a backup that shows otherwise. */
export async function holdOf(
  database: Database,
  { device, household, member, owner }: Whose & { readonly owner: string },
): Promise<{ readonly hold: string; readonly alert: string; readonly bundleId: string }> {
  const [hold, alert] = [freshId(), freshId()];
  const bundleId = `com.secret.held-by-${owner}`;
  await database.query(
    `with held as (
        insert into hold (id, household_id, device_id, bundle_id, version, member_id) values ($1, $2, $3, $4, '3.0', $5) returning id)
      insert into alert (id, household_id, device_id, hold_id, snapshot_id, version) select $6, $2, $3, id, $7, '4.0' from held`,
    [hold, household, device, bundleId, member, alert, freshId()],
  );
  return { hold, alert, bundleId };
}

/** A plan of somebody's own; it is expired where its device has a backup. */
export async function planOf(
  database: Database,
  {
    id,
    device,
    household,
    member,
    bundleId,
  }: Whose & { readonly id: string; readonly bundleId: string },
): Promise<void> {
  const plan = {
    ...{ app: { bundleId, name: bundleId }, device: { id: device, udid: '', name: '' } },
    ...{ installed: null, target: null, installability: null, data: null, lockedData: null },
    downgrade: null,
    ...{ steps: [], updates: { confirmed: [], notConfirmed: [] }, blocking: [], warnings: [] },
  };
  const restsOn = {
    ...{ newestSnapshotId: null, dataSnapshotId: null, artifactId: null, installed: null },
  };
  await database.query(
    `insert into rollback_plan (id, household_id, member_id, device_id, bundle_id, rests_on, plan, expires_at)
      values ($1, $2, $3, $4, $5, $6, $7, now() + interval '1 day')`,
    [id, household, member, device, bundleId, JSON.stringify(restsOn), JSON.stringify(plan)],
  );
}
