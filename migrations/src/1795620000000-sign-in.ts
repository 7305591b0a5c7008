import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Second factors, passkeys, sign-ins of other providers, browsers' tokens that are renewed, and counts of attempts. */
export class SignIn1795620000000 implements MigrationInterface {
  readonly name = 'SignIn1795620000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(
      'drop table attempt, spent_challenge, provider_link, passkey, recovery_code, totp',
    );
    await runner.query('drop index ix_credential_previous');
    await runner.query(`alter table credential drop column renewed_at, drop column previous_token_hash,
      drop column previous_until`);
  }
}

const STATEMENTS = [
  // A browser's token is replaced now and then; the one before is good a little longer, for requests that are under way.
  `alter table credential add column renewed_at timestamptz, add column previous_token_hash bytea, add column previous_until timestamptz`,
  `create index ix_credential_previous on credential (previous_token_hash) where previous_token_hash is not null`,
  // The secret is sealed under a key of the master key's: a copy of the database gives no codes.
  `create table totp (
    account_id uuid constraint pk_totp primary key constraint fk_totp_account references account on delete cascade,
    sealed_secret bytea not null,
    confirmed_at timestamptz,
    last_step bigint,
    created_at timestamptz not null default now())`,
  `create table recovery_code (
    account_id uuid not null constraint fk_recovery_code_account references account on delete cascade,
    code_hash bytea not null,
    constraint pk_recovery_code primary key (account_id, code_hash))`,
  `create table passkey (
    id uuid constraint pk_passkey primary key,
    account_id uuid not null constraint fk_passkey_account references account on delete cascade,
    name text not null,
    handle bytea not null constraint uq_passkey_handle unique,
    public_key bytea not null,
    counter bigint not null,
    transports text[] not null,
    created_at timestamptz not null default now(),
    last_used_at timestamptz)`,
  `create index ix_passkey_account on passkey (account_id)`,
  `create table provider_link (
    issuer text not null,
    subject text not null,
    account_id uuid not null constraint fk_provider_link_account references account on delete cascade,
    created_at timestamptz not null default now(),
    last_used_at timestamptz,
    constraint pk_provider_link primary key (issuer, subject))`,
  `create index ix_provider_link_account on provider_link (account_id)`,
  // Challenges are sealed, not kept; only that one was used is, until it would be over anyway.
  `create table spent_challenge (
    hash bytea constraint pk_spent_challenge primary key,
    expires_at timestamptz not null)`,
  // Who tried what, as keyed hashes: no address of the network or of a person stands here.
  `create table attempt (
    key bytea constraint pk_attempt primary key,
    failures integer not null,
    at timestamptz not null,
    blocked_until timestamptz,
    succeeded_at timestamptz)`,
  `create index ix_attempt_at on attempt (at)`,
];
