import { MigrationExecutor } from 'typeorm';
import type { DataSource } from 'typeorm';

const MIGRATION_LOCK = 1_795_000_000;

/**
 * Brings the schema up to date, once even when several processes start at a time. Neither the wait for another process nor a migration is
 * given up after the time that other statements have. Needs a connection of its own: not one of a pooler in transaction mode.
 */
export async function migrate(source: DataSource): Promise<void> {
  const runner = source.createQueryRunner();
  try {
    await runner.query(`set statement_timeout = 0`);
    await runner.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    const migrations = new MigrationExecutor(source, runner);
    migrations.transaction = 'each';
    await migrations.executePendingMigrations();
  } finally {
    await runner.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await runner.query('reset statement_timeout').catch(() => undefined);
    await runner.release();
  }
}
