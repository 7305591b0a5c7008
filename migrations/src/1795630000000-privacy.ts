import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who a snapshot or package belongs to is `root.member_id`, whatever becomes of the device. What else may be read: what is the household's,
 * and what its owner shared until a date.
 */
export class Privacy1795630000000 implements MigrationInterface {
  readonly name = 'Privacy1795630000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ROOTS, ...DEVICES, ...SHARES, ...AUDIT])
      await runner.query(statement);
  }

  /** Not while a device is the household's, or two people keep the same file each for themselves: the release before knows neither. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `alter table audit drop column concerns_id, drop column private`,
      `drop table share`,
      `drop table device_pusher`,
      `alter table device drop column own_name, drop column retired_at, drop column successor_of, alter column owner_id set not null`,
      `alter table snapshot drop column device_name`,
      `drop index ix_artifact_sha256`,
      `alter table artifact add constraint uq_artifact_sha256 unique (household_id, sha256)`,
      `alter table root drop column household_wide`,
    ])
      await runner.query(statement);
  }
}

const ROOTS = [
  // Null: by kind. Packages are the household's, snapshots are not.
  `alter table root add column household_wide boolean`,
  // Two people may keep the same file, each for themselves: neither hears of the other.
  `alter table artifact drop constraint uq_artifact_sha256`,
  `create index ix_artifact_sha256 on artifact (household_id, sha256)`,
  // What the device was called then: whoever gave it away does not hear how it is called now.
  `alter table snapshot add column device_name text`,
  `update snapshot set device_name = device.name from device where device.id = device_id`,
];

const DEVICES = [
  // Without an owner it is the household's.
  `alter table device alter column owner_id drop not null, add column own_name text, add column retired_at timestamptz,
    add column successor_of uuid constraint fk_device_successor_of references device`,
  `create unique index uq_device_successor_of on device (successor_of)`,
  // Whose computers may push for the device beside its owner's.
  `create table device_pusher (
    device_id uuid not null constraint fk_device_pusher_device references device on delete cascade,
    member_id uuid not null constraint fk_device_pusher_member references member on delete cascade,
    constraint pk_device_pusher primary key (device_id, member_id))`,
];

const SHARES = [
  // Without a bundle id the whole root; with one, that app's data of a snapshot.
  `create table share (
    id uuid constraint pk_share primary key,
    household_id uuid not null constraint fk_share_household references household on delete cascade,
    root_id uuid not null constraint fk_share_root references root on delete cascade,
    bundle_id text,
    receiver_id uuid not null constraint fk_share_receiver references member on delete cascade,
    until timestamptz not null,
    created_at timestamptz not null default now(),
    ended_at timestamptz)`,
  `create unique index uq_share_open on share (root_id, receiver_id, coalesce(bundle_id, '')) where ended_at is null`,
  `create index ix_share_receiver on share (receiver_id) where ended_at is null`,
];

const AUDIT = [
  // Whose thing a line tells of, and whether nobody else hears of it, administrators neither.
  `alter table audit add column concerns_id uuid constraint fk_audit_concerns references member,
    add column private boolean not null default false`,
  `update audit set concerns_id = root.member_id from root where root.id = subject_id`,
];
