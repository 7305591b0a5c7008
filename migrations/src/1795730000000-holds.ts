import type { MigrationInterface, QueryRunner } from 'typeorm';

/** How rollbacks are carried out, which versions are held on which device, and when a backup showed otherwise (docs/adr/0037). */
export class Holds1795730000000 implements MigrationInterface {
  readonly name = 'Holds1795730000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...RUNS, ...HOLDS, ...ANNOUNCEMENTS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop table alert, hold, rollback_run, rollback_step`);
    await runner.query(`drop function announce_hold(), announce_alert()`);
  }
}

const RUNS = [
  // What was reported of each step, in the order it came; its id is the agent's, so that telling it twice is telling it once.
  `create table rollback_step (
    id uuid constraint pk_rollback_step primary key,
    plan_id uuid not null constraint fk_rollback_step_plan references rollback_plan on delete cascade,
    number integer not null,
    step text not null,
    outcome text not null constraint ck_rollback_step_outcome check (outcome in ('started', 'done', 'failed')),
    reason text,
    runner uuid not null,
    at timestamptz not null default now(),
    constraint uq_rollback_step_number unique (plan_id, number))`,
  // Who works with a device now: one at a time, until it is silent for too long. \`step\`: what was started and has not ended.
  `create table rollback_run (
    device_id uuid constraint pk_rollback_run primary key constraint fk_rollback_run_device references device on delete cascade,
    plan_id uuid not null constraint fk_rollback_run_plan references rollback_plan on delete cascade,
    runner uuid not null,
    computer text not null,
    step text,
    silent_after timestamptz not null)`,
];

const HOLDS = [
  `create table hold (
    id uuid constraint pk_hold primary key,
    household_id uuid not null constraint fk_hold_household references household on delete cascade,
    device_id uuid not null constraint fk_hold_device references device on delete cascade,
    bundle_id text not null,
    version text,
    build text,
    external_version_id text,
    since timestamptz not null default now(),
    member_id uuid constraint fk_hold_member references member on delete set null,
    plan_id uuid constraint fk_hold_plan references rollback_plan on delete set null,
    released_at timestamptz)`,
  `create unique index uq_hold_app on hold (device_id, bundle_id) where released_at is null`,
  `create index ix_hold_household on hold (household_id, id)`,
  // The snapshot without a reference: the alert outlives it.
  `create table alert (
    id uuid constraint pk_alert primary key,
    household_id uuid not null constraint fk_alert_household references household on delete cascade,
    device_id uuid not null constraint fk_alert_device references device on delete cascade,
    hold_id uuid not null constraint fk_alert_hold references hold on delete cascade,
    snapshot_id uuid not null,
    version text,
    build text,
    external_version_id text,
    raised_at timestamptz not null default now(),
    dismissed_at timestamptz,
    resolved_at timestamptz)`,
  // Dismissed ones count: once a hold and version.
  `create unique index uq_alert_hold on alert (hold_id) where resolved_at is null`,
  `create index ix_alert_household on alert (household_id, id desc)`,
];

/** As 1795500000000-announce-changes does it: to whose device it is, or to nobody's in particular. */
function announce(table: string): string[] {
  return [
    `create function announce_${table}() returns trigger language plpgsql as $$
      declare changed ${table} := coalesce(new, old);
      begin
        perform pg_notify('rootcellar_change', concat_ws(' ', changed.household_id, '${table}', changed.id,
          (select owner_id from device where id = changed.device_id)));
        return null;
      end $$`,
    `create trigger tr_${table}_announce after insert or update or delete on ${table}
      for each row execute function announce_${table}()`,
  ];
}

const ANNOUNCEMENTS = [...announce('hold'), ...announce('alert')];
