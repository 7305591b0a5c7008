import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a root needs, noted once it was weighed: neither its set nor a weight ever changes. */
export class NeededBytes1795200000000 implements MigrationInterface {
  readonly name = 'NeededBytes1795200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table root add column needed_bytes bigint`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`alter table root drop column needed_bytes`);
  }
}
