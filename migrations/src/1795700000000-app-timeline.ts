import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What backups and packages say about the versions of apps: when, from whom, in which order the store had them. Of a buyer there is an HMAC
 * under a key of the household, never an Apple ID.
 */
export class AppTimeline1795700000000 implements MigrationInterface {
  readonly name = 'AppTimeline1795700000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...LISTS, ...INSTALLED, ...PACKAGES]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      // To the release before, what is in this table runs on the device.
      `delete from installed_app where offloaded`,
      `drop index ix_installed_app_bundle, ix_installed_app_buyer`,
      `alter table installed_app drop column name, drop column item_id, drop column released_at, drop column purchased_at,
        drop column offloaded, drop column from_store, drop column buyer, drop column store_list_id`,
      `alter table artifact drop column item_id, drop column released_at, drop column purchased_at, drop column buyer,
        drop column store_list_id, drop column contents, drop column read_version`,
      `alter table snapshot drop column apps_read_version`,
      `drop table store_list, app_link`,
    ])
      await runner.query(statement);
  }
}

const LISTS = [
  // The store's numbers of an app's versions, oldest first, as some metadata said. A list never changes; each new one is a row.
  `create table store_list (
    id uuid constraint pk_store_list primary key,
    household_id uuid not null constraint fk_store_list_household references household on delete cascade,
    bundle_id text not null,
    digest bytea not null,
    ids text[] not null,
    length integer generated always as (cardinality(ids)) stored,
    newest text generated always as (ids[cardinality(ids)]) stored,
    constraint uq_store_list_digest unique (household_id, bundle_id, digest))`,
  // An app that goes on under another bundle id, as somebody of the household said.
  `create table app_link (
    household_id uuid not null constraint fk_app_link_household references household on delete cascade,
    bundle_id text not null,
    to_bundle_id text not null,
    linked_at timestamptz not null default now(),
    linked_by uuid constraint fk_app_link_member references member,
    constraint pk_app_link primary key (household_id, bundle_id),
    constraint ck_app_link_other check (bundle_id <> to_bundle_id))`,
  `create index ix_app_link_to on app_link (household_id, to_bundle_id)`,
];

const INSTALLED = [
  // Offloaded apps are rows as well: "what runs there" is `not offloaded`.
  `alter table installed_app add column name text, add column item_id text, add column released_at timestamptz,
    add column purchased_at timestamptz, add column offloaded boolean not null default false, add column from_store boolean,
    add column buyer bytea, add column store_list_id uuid`,
  `create index ix_installed_app_bundle on installed_app (bundle_id, snapshot_id)`,
  `create index ix_installed_app_buyer on installed_app (buyer, snapshot_id) where buyer is not null`,
];

const PACKAGES = [
  // `contents`: a bounded summary of what is inside; null where it was never read, or cannot be.
  `alter table artifact add column item_id text, add column released_at timestamptz, add column purchased_at timestamptz,
    add column buyer bytea, add column store_list_id uuid, add column contents jsonb`,
  // Which release's reading of the stored files the columns are of; 0: none, upkeep reads them.
  `alter table artifact add column read_version smallint not null default 0`,
  `alter table snapshot add column apps_read_version smallint not null default 0`,
  `create index ix_artifact_unread on artifact (household_id, id) where read_version = 0`,
  `create index ix_snapshot_unread on snapshot (household_id, id) where apps_read_version = 0`,
];
