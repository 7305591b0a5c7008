import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Rollback plans: what would bring an app version and its data back to a device, and how far that has come. */
export class RollbackPlan1795720000000 implements MigrationInterface {
  readonly name = 'RollbackPlan1795720000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table rollback_plan`);
  }
}

const STATEMENTS = [
  // Package and snapshots without a reference: the plan outlives them, and says then that it is expired. `newest_snapshot_id` is the device's
  // newest backup when the plan was made, `rests_on` what it said of the app; `backup_snapshot_id` the backup that was made before anything
  // else was done.
  `create table rollback_plan (
    id uuid constraint pk_rollback_plan primary key,
    household_id uuid not null constraint fk_rollback_plan_household references household on delete cascade,
    member_id uuid not null constraint fk_rollback_plan_member references member on delete cascade,
    device_id uuid not null constraint fk_rollback_plan_device references device on delete cascade,
    bundle_id text not null,
    artifact_id uuid,
    data_snapshot_id uuid,
    newest_snapshot_id uuid,
    rests_on jsonb not null,
    plan jsonb not null,
    state text not null default 'planned' constraint ck_rollback_plan_state
      check (state in ('planned', 'backed-up', 'installed', 'data-restored', 'verified', 'held', 'given-up')),
    state_at timestamptz not null default now(),
    backup_snapshot_id uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null)`,
  `create index ix_rollback_plan_member on rollback_plan (member_id, id desc)`,
  `create index ix_rollback_plan_device on rollback_plan (device_id)`,
];
