import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Who signs in is an account; a member is an account's place in one household. A person in two households has one account and two members.
 * Sign-ins say what they may be used for.
 */
export class Accounts1795600000000 implements MigrationInterface {
  readonly name = 'Accounts1795600000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...ACCOUNTS, ...CREDENTIALS]) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`delete from credential where member_id is null`);
    // An address was one member's only.
    await runner.query(`update member set password_hash = coalesce(account.password_hash, ''),
        email = case when exists (select from member as other where other.account_id = account.id and other.id < member.id)
          then member.id::text else account.email end
      from account where account.id = account_id`);
    for (const statement of [
      `alter table credential drop column account_id, drop column kind, drop column scope, alter column member_id set not null`,
      `alter table member drop column account_id, drop column removed_at, alter column email set not null,
        alter column password_hash set not null`,
      `create unique index uq_member_email on member (lower(email))`,
      `drop table account`,
    ])
      await runner.query(statement);
  }
}

const ACCOUNTS = [
  // An operator looks after the server: accounts, health, disks. It says nothing about any household.
  `create table account (
    id uuid constraint pk_account primary key,
    email text not null,
    name text not null,
    password_hash text,
    operator boolean not null default false,
    created_at timestamptz not null default now())`,
  `create unique index uq_account_email on account (lower(email))`,
  `insert into account (id, email, name, password_hash, operator, created_at)
    select id, email, name, password_hash, id = (select id from member where role = 'admin' order by created_at, id limit 1), created_at
    from member`,
  // Nobody is taken out of what they did: snapshots and the audit trail go on naming a member who left.
  `alter table member add column account_id uuid constraint fk_member_account references account,
    add column removed_at timestamptz, alter column email drop not null, alter column password_hash drop not null`,
  `update member set account_id = id`,
  `drop index uq_member_email`,
  `create unique index uq_member_account on member (household_id, account_id) where removed_at is null`,
  `create index ix_member_account on member (account_id)`,
];

const CREDENTIALS = [
  // Without a member: of an operator who belongs to no household.
  `alter table credential add column account_id uuid constraint fk_credential_account references account on delete cascade,
    add column kind text not null default 'token' constraint ck_credential_kind check (kind in ('token', 'session')),
    add column scope text not null default 'admin' constraint ck_credential_scope check (scope in ('push', 'restore', 'admin')),
    alter column member_id drop not null`,
  `update credential set account_id = member.account_id from member where member.id = member_id`,
  `create index ix_credential_account on credential (account_id)`,
];
