import type {
  Doer,
  LockedRun,
  Membership,
  NamedVersion,
  RollbackState,
  RunCatalog,
  RunChange,
  RunView,
  StepReportId,
} from '@rootcellar/archive';
import type { Clock, DeviceId, MemberId, RollbackPlanId, SnapshotId } from '@rootcellar/model';
import type { DataSource, EntityManager } from 'typeorm';
import { audit } from '../audit.js';
import { readableRoots } from '../gate/readable-roots.sql.js';
import { putHold } from '../holds/put-hold.js';
import { firstRow } from '../sql.js';
import { CLAIM, STEPS, toClaim, toNamed, toSteps } from './run-rows.js';
import type { ClaimColumns, NamedColumns, StepColumns } from './run-rows.js';

/** An agent tells every half minute that it is still there. */
const SILENCE = `interval '2 minutes'`;
const READABLE = readableRoots({ household: '$1', member: '$2' });

interface PlanRow {
  readonly state: RollbackState;
  readonly bundleId: string;
  readonly deviceId: DeviceId;
}

/** How plans are carried out: who works with a device, and what was told of each step. */
export class PgRunCatalog implements RunCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async change(
    reader: Membership,
    planId: RollbackPlanId,
    reportId: StepReportId,
    decide: (run: LockedRun) => { readonly change: RunChange; readonly by: Doer } | undefined,
  ): Promise<boolean> {
    return this.#source.transaction(async (tx) => {
      const run = await lockRun(tx, reader, planId, reportId);
      if (run === undefined) return false;
      const decided = decide(run);
      if (decided !== undefined) await this.#write(tx, { reader, planId, run, ...decided });
      return true;
    });
  }

  async view(
    { householdId, memberId }: Membership,
    planId: RollbackPlanId,
  ): Promise<RunView | undefined> {
    const row = await firstRow<{
      state: RollbackState;
      steps: readonly StepColumns[] | null;
      claim: ClaimColumns | null;
    }>(
      this.#source,
      `select state, ${STEPS('rollback_plan')} as steps, (${CLAIM('rollback_plan.device_id')}) as claim
        from rollback_plan where household_id = $1 and member_id = $2 and id = $3`,
      [householdId, memberId, planId],
    );
    if (row === undefined) return undefined;
    const claim = toClaim(row.claim);
    return {
      state: row.state,
      steps: toSteps(row.steps),
      claim: claim?.planId === planId ? claim : undefined,
    };
  }

  async installedIn(
    { householdId, memberId }: Membership,
    snapshotId: SnapshotId,
    what: { readonly deviceId: DeviceId; readonly bundleId: string; readonly since: Date },
  ): Promise<{ readonly app: NamedVersion | undefined } | undefined> {
    const row = await firstRow<{ app: NamedColumns | null }>(
      this.#source,
      `select case when installed_app.bundle_id is not null then jsonb_build_object('version', version, 'build', build,
          'externalVersionId', external_version_id) end as app
        from ${READABLE} as root join snapshot on snapshot.id = root.id
          left join installed_app on snapshot_id = snapshot.id and bundle_id = $5 and not offloaded
        where root.id = $3 and device_id = $4 and not root.lent and root.forgotten_at is null and root.created_at >= $6`,
      [householdId, memberId, snapshotId, what.deviceId, what.bundleId, what.since],
    );
    return row === undefined ? undefined : { app: toNamed(row.app) };
  }

  async #write(
    tx: EntityManager,
    {
      reader,
      planId,
      run,
      change,
      by,
    }: {
      readonly reader: Membership;
      readonly planId: RollbackPlanId;
      readonly run: LockedRun;
      readonly change: RunChange;
      readonly by: Doer;
    },
  ): Promise<void> {
    const { position, record, claim, backupSnapshotId, hold } = change;
    await setClaim(tx, planId, run.deviceId, { claim, step: position.underway });
    if (record === undefined) return;
    const { id, step, outcome, reason } = record;
    await tx.query(
      `insert into rollback_step (id, plan_id, number, step, outcome, reason, runner)
        values ($1, $2, $3, $4, $5, $6, $7)`,
      [id, planId, run.reports + 1, step, outcome, reason, change.runner],
    );
    await tx.query(
      `update rollback_plan set state = $2, state_at = case when state = $2 then state_at else now() end,
          backup_snapshot_id = coalesce($3, backup_snapshot_id) where id = $1`,
      [planId, position.state, backupSnapshotId ?? null],
    );
    if (hold !== undefined) await putHold(tx, this.#clock, hold, by);
    await audit(tx, this.#clock, reader.householdId, [
      {
        ...{ action: `rollback-step-${outcome}`, kind: 'device', id: run.deviceId, ...by },
        subject: `${run.deviceName}: ${change.subject}: ${step}${reason === null ? '' : ` (${reason})`}`,
        concernsId: run.deviceOwnerId,
        private: run.deviceOwnerId !== undefined,
      },
    ]);
  }
}

/** The device first, as everything else that changes one does. */
async function lockRun(
  tx: EntityManager,
  { householdId, memberId }: Membership,
  planId: RollbackPlanId,
  reportId: StepReportId,
): Promise<LockedRun | undefined> {
  const device = await firstRow<{ name: string; ownerId: MemberId | null }>(
    tx,
    `select coalesce(own_name, name) as name, owner_id as "ownerId" from device
      where id = (select device_id from rollback_plan where household_id = $1 and member_id = $2 and id = $3) for update`,
    [householdId, memberId, planId],
  );
  const plan = await firstRow<
    PlanRow & { claim: ClaimColumns | null; known: boolean; reports: string }
  >(
    tx,
    `select state, bundle_id as "bundleId", device_id as "deviceId", (${CLAIM('rollback_plan.device_id')}) as claim,
        exists (select from rollback_step where id = $2) as known,
        (select count(*) from rollback_step where plan_id = rollback_plan.id) as reports
      from rollback_plan where id = $1`,
    [planId, reportId],
  );
  if (device === undefined || plan === undefined) return undefined;
  return {
    ...plan,
    ...{ deviceName: device.name, deviceOwnerId: device.ownerId ?? undefined },
    ...{ claim: toClaim(plan.claim), reports: Number(plan.reports) },
  };
}

async function setClaim(
  tx: EntityManager,
  planId: RollbackPlanId,
  deviceId: DeviceId,
  { claim, step }: { readonly claim: RunChange['claim']; readonly step: string | undefined },
): Promise<void> {
  if (claim === undefined) {
    await tx.query('delete from rollback_run where device_id = $1', [deviceId]);
    return;
  }
  await tx.query(
    `insert into rollback_run (device_id, plan_id, runner, computer, step, silent_after)
      values ($1, $2, $3, $4, $5, now() + ${SILENCE})
      on conflict (device_id) do update set plan_id = excluded.plan_id, runner = excluded.runner, computer = excluded.computer,
        step = excluded.step, silent_after = excluded.silent_after`,
    [deviceId, planId, claim.runner, claim.computer, step ?? null],
  );
}
