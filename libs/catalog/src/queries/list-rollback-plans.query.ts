import type { Actor, RollbackState } from '@rootcellar/archive';
import type { DataSource } from 'typeorm';
import { readableRoots } from '../gate/readable-roots.sql.js';
import { visibleDevices } from '../gate/visible-devices.sql.js';
import { pageOf } from './page.js';
import type { Page, PageRequest } from './page.js';

export interface RollbackPlanView {
  readonly id: string;
  readonly bundleId: string;
  readonly deviceId: string;
  /** Null: it is not the member's any more. */
  readonly deviceName: string | null;
  /** The version to go back to; null when there is none, or it may not be read any more. */
  readonly version: string | null;
  readonly build: string | null;
  readonly artifactId: string | null;
  readonly dataSnapshotId: string | null;
  readonly state: RollbackState;
  readonly createdAt: Date;
  readonly expiresAt: Date;
  /** Something it rests on has changed, or it is too old. */
  readonly expired: boolean;
  readonly blocked: boolean;
}

const READER = { household: '$3', member: '$4' };
const READABLE = readableRoots(READER);

const BEGUN = 'exists (select from rollback_step where plan_id = plan.id)';
const NEWER = '(device.id is not null and newest.id is distinct from plan.newest_snapshot_id)';
const OTHER_VERSION = `((newest.version, newest.build, newest.number) is distinct from (plan.rests_on->'installed'->>'version',
  plan.rests_on->'installed'->>'build', plan.rests_on->'installed'->>'externalVersionId'))`;

/** The member's own rollback plans, newest first. Whether one holds is as `whyExpired` says. */
export async function listRollbackPlans(
  source: DataSource,
  actor: Actor,
  page: PageRequest,
): Promise<Page<RollbackPlanView>> {
  return pageOf<RollbackPlanView, RollbackPlanView>(source, {
    sql: `select plan.id, plan.bundle_id as "bundleId", plan.device_id as "deviceId", device.name as "deviceName",
        case when package.id is not null then plan.plan->'target'->>'version' end as version,
        case when package.id is not null then plan.plan->'target'->>'build' end as build,
        package.id as "artifactId", data.id as "dataSnapshotId", plan.state, plan.created_at as "createdAt",
        plan.expires_at as "expiresAt", jsonb_array_length(plan.plan->'blocking') > 0 as blocked,
        case when plan.state in ('verified', 'held', 'given-up') then false
          else (plan.state in ('planned', 'backed-up', 'installed') and (device.id is null
              or (plan.data_snapshot_id is not null and data.id is null)))
            or (plan.state in ('planned', 'backed-up') and plan.artifact_id is not null and package.id is null)
            or (plan.state = 'planned' and not ${BEGUN} and (plan.expires_at <= now() or ${NEWER}))
            or (plan.state = 'planned' and ${BEGUN} and ${NEWER} and ${OTHER_VERSION})
          end as expired
      from rollback_plan as plan
        left join ${visibleDevices(READER)} as device on device.id = plan.device_id and device.hold = 'held'
        left join ${READABLE} as package on package.id = plan.artifact_id and package.forgotten_at is null
        left join ${READABLE} as data on data.id = plan.data_snapshot_id and data.forgotten_at is null
          and (data.lent_apps is null or plan.bundle_id = any(data.lent_apps))
        left join lateral (
          select snapshot.id, version, build, external_version_id as number
          from snapshot join ${READABLE} as root on root.id = snapshot.id
            left join installed_app on installed_app.snapshot_id = snapshot.id and installed_app.bundle_id = plan.bundle_id
          where snapshot.device_id = any(device.line) and root.forgotten_at is null and root.lent_apps is null
          order by taken_at desc, snapshot.id desc limit 1) as newest on true
      where plan.household_id = $3 and plan.member_id = $4 and ($1::uuid is null or plan.id < $1)
      order by plan.id desc limit $2`,
    parameters: [actor.householdId, actor.memberId],
    page,
    toItem: (row) => row,
  });
}
