import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Quotas of households and members, and what open uploads reserved of them (docs/adr/0032). */
export class Quotas1795650000000 implements MigrationInterface {
  readonly name = 'Quotas1795650000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of STATEMENTS) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`drop index ix_upload_claims`);
    await runner.query(`alter table upload drop column reserved_bytes`);
    await runner.query(`alter table member drop column quota_bytes, drop column quota_level`);
    await runner.query(`alter table household drop column quota_bytes, drop column quota_level`);
  }
}

const STATEMENTS = [
  // Sealed bytes; null: no quota. `quota_level`: the percentage that was warned of last, 0, 80 or 95.
  `alter table household add column quota_bytes bigint, add column quota_level smallint not null default 0`,
  `alter table member add column quota_bytes bigint, add column quota_level smallint not null default 0`,
  // What an open upload may still store is what it reserved, or what it stored already, whichever is more.
  `alter table upload add column reserved_bytes bigint not null default 0`,
  `create index ix_upload_claims on upload (household_id) where state = 'open'`,
];
