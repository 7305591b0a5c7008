import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Households and members, devices, uploads, the index of the vault, roots (snapshots and artifacts), apps.
 *
 * Everything that grows is keyed by household first: it is the shard key (docs/architecture.md). Digests are `bytea`,
 * sizes `bigint`, instants `timestamptz`, ids UUIDv7 made by the service. Database time (`now()`) rules every expiry.
 */
export class Foundations1795000000000 implements MigrationInterface {
  readonly name = 'Foundations1795000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...PEOPLE, ...UPLOADS, ...VAULT_INDEX, ...ROOTS, ...APPS])
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      drop table artifact, app_version, app, snapshot, root_pack, root, upload_pack, chunk, pack, upload,
        device, credential, member, household`);
  }
}

const PEOPLE = [
  `create table household (
    id uuid constraint pk_household primary key,
    name text not null,
    time_zone text not null,
    wrapped_key bytea not null,
    next_ordinal bigint not null default 0,
    created_at timestamptz not null default now())`,
  `create table member (
    id uuid constraint pk_member primary key,
    household_id uuid not null constraint fk_member_household references household on delete cascade,
    name text not null,
    email text not null,
    password_hash text not null,
    role text not null constraint ck_member_role check (role in ('admin', 'member', 'limited')),
    created_at timestamptz not null default now())`,
  `create unique index uq_member_email on member (lower(email))`,
  `create table credential (
    id uuid constraint pk_credential primary key,
    member_id uuid not null constraint fk_credential_member references member on delete cascade,
    name text not null,
    token_hash bytea not null constraint uq_credential_token unique,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    expires_at timestamptz)`,
  `create index ix_credential_member on credential (member_id)`,
  `create table device (
    id uuid constraint pk_device primary key,
    household_id uuid not null constraint fk_device_household references household on delete cascade,
    owner_id uuid not null constraint fk_device_owner references member,
    udid text not null,
    name text not null,
    product_type text,
    product_version text,
    created_at timestamptz not null default now(),
    constraint uq_device_udid unique (household_id, udid))`,
];

const UPLOADS = [
  `create table upload (
    id uuid constraint pk_upload primary key,
    household_id uuid not null constraint fk_upload_household references household on delete cascade,
    member_id uuid not null constraint fk_upload_member references member,
    kind text not null constraint ck_upload_kind check (kind in ('snapshot', 'artifact')),
    state text not null default 'open' constraint ck_upload_state check (state in ('open', 'committed', 'expired', 'abandoned')),
    declared jsonb not null,
    sent_bytes bigint not null default 0,
    new_bytes bigint not null default 0,
    stored_bytes bigint not null default 0,
    root_id uuid,
    created_at timestamptz not null default now(),
    heartbeat_at timestamptz not null default now(),
    expires_at timestamptz not null)`,
  `create index ix_upload_open on upload (expires_at) where state = 'open'`,
];

const VAULT_INDEX = [
  // `epoch` counts state changes and moves: a root is committed only on the epochs its chunks were seen at.
  `create table pack (
    id uuid constraint pk_pack primary key,
    household_id uuid not null constraint fk_pack_household references household on delete cascade,
    type smallint not null,
    state text not null constraint ck_pack_state check (state in ('uploading', 'live', 'condemned', 'deleting', 'deleted')),
    epoch integer not null default 0,
    size bigint not null default 0,
    sha256 bytea,
    chunks integer not null default 0,
    upload_id uuid,
    created_at timestamptz not null default now(),
    state_since timestamptz not null default now(),
    verified_at timestamptz)`,
  `create index ix_pack_household_state on pack (household_id, state, id)`,
  `create index ix_pack_unfinished on pack (state_since) where state in ('uploading', 'deleting')`,
  `create table chunk (
    household_id uuid not null,
    id bytea not null,
    ordinal bigint not null,
    pack_id uuid not null,
    "offset" integer not null,
    sealed_length integer not null,
    plain_length integer not null,
    kind smallint not null,
    codec smallint not null,
    constraint pk_chunk primary key (household_id, id))
    partition by hash (household_id)`,
  ...Array.from(
    { length: 16 },
    (_, part) =>
      `create table chunk_p${String(part)} partition of chunk for values with (modulus 16, remainder ${String(part)})`,
  ),
  `create index ix_chunk_pack on chunk (pack_id)`,
  `create table upload_pack (
    upload_id uuid not null constraint fk_upload_pack_upload references upload on delete cascade,
    pack_id uuid not null constraint fk_upload_pack_pack references pack on delete cascade,
    constraint pk_upload_pack primary key (upload_id, pack_id))`,
  `create index ix_upload_pack_pack on upload_pack (pack_id)`,
];

const ROOTS = [
  `create table root (
    id uuid constraint pk_root primary key,
    household_id uuid not null constraint fk_root_household references household on delete cascade,
    member_id uuid not null constraint fk_root_member references member,
    kind text not null constraint ck_root_kind check (kind in ('snapshot', 'artifact')),
    manifest bytea not null,
    tree bytea not null,
    chunk_set bytea not null,
    entries bigint not null,
    bytes bigint not null,
    new_bytes bigint not null,
    stored_bytes bigint not null,
    created_at timestamptz not null default now())`,
  `create index ix_root_household on root (household_id, kind, id)`,
  // The authority for deletion: a pack with a row here is never condemned.
  `create table root_pack (
    root_id uuid not null constraint fk_root_pack_root references root on delete cascade,
    pack_id uuid not null constraint fk_root_pack_pack references pack,
    constraint pk_root_pack primary key (root_id, pack_id))`,
  `create index ix_root_pack_pack on root_pack (pack_id)`,
  `create table snapshot (
    id uuid constraint pk_snapshot primary key constraint fk_snapshot_root references root on delete cascade,
    household_id uuid not null,
    device_id uuid not null constraint fk_snapshot_device references device,
    taken_at timestamptz not null,
    files bigint not null,
    encrypted boolean not null,
    complete boolean not null,
    missing_files bigint not null default 0,
    damaged_files bigint not null default 0,
    product_version text,
    build_version text,
    facts jsonb not null)`,
  `create index ix_snapshot_device on snapshot (device_id, taken_at desc, id desc)`,
  `create index ix_snapshot_household on snapshot (household_id, id desc)`,
];

const APPS = [
  `create table app (
    id uuid constraint pk_app primary key,
    household_id uuid not null constraint fk_app_household references household on delete cascade,
    bundle_id text not null,
    name text not null,
    created_at timestamptz not null default now(),
    constraint uq_app_bundle_id unique (household_id, bundle_id))`,
  // `identity`: the store's external version id when there is one, else version and build.
  `create table app_version (
    id uuid constraint pk_app_version primary key,
    app_id uuid not null constraint fk_app_version_app references app on delete cascade,
    identity text not null,
    version text,
    build text,
    external_version_id text,
    created_at timestamptz not null default now(),
    constraint uq_app_version_identity unique (app_id, identity))`,
  `create table artifact (
    id uuid constraint pk_artifact primary key constraint fk_artifact_root references root on delete cascade,
    household_id uuid not null,
    app_version_id uuid not null constraint fk_artifact_version references app_version,
    sha256 bytea not null,
    size bigint not null,
    file_name text not null,
    facts jsonb not null,
    constraint uq_artifact_sha256 unique (household_id, sha256))`,
  `create index ix_artifact_version on artifact (app_version_id)`,
];
