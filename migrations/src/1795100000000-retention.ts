import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Pins and the bin; what chunks weigh; retention policies and plans; what backups say is installed; the audit trail; sizes by day.
 */
export class Retention1795100000000 implements MigrationInterface {
  readonly name = 'Retention1795100000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...BIN, ...WEIGHTS, ...POLICIES, ...FACTS, ...RECORDS])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      `drop table storage_day, orphan_object, audit, installed_app, upkeep, retention_plan, retention_policy, chunk_weights`,
    );
    await runner.query(`alter table pack drop column payload`);
    await runner.query(`alter table app drop column subscription_from`);
    await runner.query(`alter table root drop column pinned_at, drop column forgotten_at, drop column gone_after,
      drop column forgotten_by, drop column forgotten_rule`);
  }
}

const BIN = [
  // In the bin while `forgotten_at` is set; a root all the same, until `gone_after` is over.
  `alter table root
    add column pinned_at timestamptz,
    add column forgotten_at timestamptz,
    add column gone_after timestamptz,
    add column forgotten_by uuid constraint fk_root_forgotten_by references member,
    add column forgotten_rule text,
    add constraint ck_root_bin check ((forgotten_at is null) = (gone_after is null))`,
  `create index ix_root_bin on root (household_id, gone_after) where forgotten_at is not null`,
];

const WEIGHTS = [
  // Sealed bytes of all chunks in the pack, those that nobody needs and second copies too.
  `alter table pack add column payload bigint not null default 0`,
  `update pack set payload = greatest(0, size - 72 - 42 * chunks) where state in ('live', 'condemned', 'deleting')`,
  // Sealed lengths of the ordinals from `first` on, four bytes each, big-endian. An ordinal's weight never changes: only appended to.
  `create table chunk_weights (
    household_id uuid not null constraint fk_chunk_weights_household references household on delete cascade,
    first bigint not null,
    weights bytea not null,
    constraint pk_chunk_weights primary key (household_id, first))`,
  `alter table chunk_weights alter column weights set storage external`,
  // Before collection existed, ordinals had no gaps.
  `insert into chunk_weights (household_id, first, weights)
    select household_id, min(ordinal), string_agg(int4send(sealed_length), '' order by ordinal)
    from chunk group by household_id, ordinal / 65536`,
];

const POLICIES = [
  `create table retention_policy (
    household_id uuid constraint pk_retention_policy primary key
      constraint fk_retention_policy_household references household on delete cascade,
    policy jsonb not null,
    set_at timestamptz not null default now(),
    set_by uuid constraint fk_retention_policy_member references member)`,
  `create table retention_plan (
    id uuid constraint pk_retention_plan primary key,
    household_id uuid not null constraint fk_retention_plan_household references household on delete cascade,
    created_at timestamptz not null,
    created_by uuid constraint fk_retention_plan_member references member,
    plan jsonb not null,
    executed_at timestamptz)`,
  `create index ix_retention_plan_household on retention_plan (household_id, id)`,
  // When a household's upkeep was last seen to, and why automatic removal stopped, if it did.
  `create table upkeep (
    household_id uuid constraint pk_upkeep primary key constraint fk_upkeep_household references household on delete cascade,
    seen_at timestamptz,
    retained_at timestamptz,
    collected_at timestamptz,
    alert text,
    alert_at timestamptz)`,
];

const FACTS = [
  `create table installed_app (
    snapshot_id uuid not null constraint fk_installed_app_snapshot references snapshot on delete cascade,
    bundle_id text not null,
    version text,
    build text,
    external_version_id text,
    constraint pk_installed_app primary key (snapshot_id, bundle_id))`,
  // The first version that wants a subscription, as somebody of the household said.
  `alter table app add column subscription_from text`,
];

const RECORDS = [
  // No reference to what is told of: it outlives it.
  `create table audit (
    id uuid constraint pk_audit primary key,
    household_id uuid not null constraint fk_audit_household references household on delete cascade,
    at timestamptz not null default now(),
    actor_id uuid constraint fk_audit_member references member,
    rule text,
    action text not null,
    subject_kind text not null,
    subject_id uuid,
    subject text not null default '',
    bytes bigint)`,
  `create index ix_audit_household on audit (household_id, id desc)`,
  `create index ix_audit_subject on audit (subject_id)`,
  `create table orphan_object (
    household_id uuid not null constraint fk_orphan_object_household references household on delete cascade,
    object_key text not null,
    first_seen_at timestamptz not null default now(),
    constraint pk_orphan_object primary key (household_id, object_key))`,
  `create table storage_day (
    household_id uuid not null constraint fk_storage_day_household references household on delete cascade,
    day date not null,
    logical bigint not null,
    stored bigint not null,
    needed bigint not null,
    bin bigint not null,
    constraint pk_storage_day primary key (household_id, day))`,
];
