import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Invitations, members who leave, tokens that are carried elsewhere, and sign-ins that are approved in a browser. */
export class People1795610000000 implements MigrationInterface {
  readonly name = 'People1795610000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [
      `drop table device_code`,
      `drop table invitation`,
      `alter table credential drop column api_token`,
      `alter table member drop column leaving_until, drop column hand_over_to`,
    ])
      await runner.query(statement);
  }
}

const STATEMENTS = [
  // Until when a member who leaves may still read, to take along what is theirs; and whom an administrator wants it handed to.
  `alter table member add column leaving_until timestamptz,
    add column hand_over_to uuid constraint fk_member_hand_over_to references member`,
  `create index ix_member_leaving on member (household_id, leaving_until) where leaving_until is not null`,
  // Made to be carried elsewhere, where the others are sign-ins of a person.
  `alter table credential add column api_token boolean not null default false`,
  // Of who invites: somebody of the household, or the operator who made it. Accounts outlive members.
  `create table invitation (
    id uuid constraint pk_invitation primary key,
    household_id uuid not null constraint fk_invitation_household references household on delete cascade,
    invited_by uuid not null constraint fk_invitation_account references account,
    member_id uuid constraint fk_invitation_member references member,
    role text not null constraint ck_invitation_role check (role in ('admin', 'member', 'limited')),
    name text,
    token_hash bytea not null constraint uq_invitation_token unique,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    refusals integer not null default 0,
    revoked_at timestamptz,
    accepted_at timestamptz,
    accepted_by uuid constraint fk_invitation_accepted_by references member)`,
  `create index ix_invitation_household on invitation (household_id, id)`,
  // RFC 8628. A row goes when its token is fetched, or a while after its time is over.
  `create table device_code (
    id uuid constraint pk_device_code primary key,
    device_hash bytea not null constraint uq_device_code_device unique,
    user_hash bytea not null constraint uq_device_code_user unique,
    client_name text not null,
    scope text not null constraint ck_device_code_scope check (scope in ('push', 'restore', 'admin')),
    requested_from text not null,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    interval_seconds integer not null,
    polled_at timestamptz,
    state text not null default 'waiting' constraint ck_device_code_state check (state in ('waiting', 'approved', 'denied')),
    account_id uuid constraint fk_device_code_account references account on delete cascade,
    member_id uuid constraint fk_device_code_member references member on delete cascade)`,
  `create index ix_device_code_expires on device_code (expires_at)`,
];
