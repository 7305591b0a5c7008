import 'reflect-metadata';
import { MIGRATIONS } from '@rootcellar/migrations';
import { DataSource } from 'typeorm';
import { CredentialRow, DeviceRow, HouseholdRow, MemberRow } from './rows/people.row.js';
import { AppRow, AppVersionRow, ArtifactRow, RootRow, SnapshotRow } from './rows/root.row.js';
import { UploadRow } from './rows/upload.row.js';

/** A pool of connections to the catalog. */
export type Database = DataSource;

export interface DatabaseSettings {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  readonly poolSize: number;
}

/**
 * A connection pool. Nothing is migrated and nothing synchronised here: see {@link migrate}.
 * The caller destroys it.
 */
export async function openDatabase(settings: DatabaseSettings): Promise<DataSource> {
  const { user, poolSize, ...connection } = settings;
  const source = new DataSource({
    type: 'postgres',
    ...connection,
    username: user,
    applicationName: 'rootcellar',
    entities: [
      HouseholdRow,
      MemberRow,
      CredentialRow,
      DeviceRow,
      UploadRow,
      RootRow,
      SnapshotRow,
      AppRow,
      AppVersionRow,
      ArtifactRow,
    ],
    migrations: [...MIGRATIONS],
    migrationsTransactionMode: 'each',
    synchronize: false,
    logging: false,
    poolSize,
    extra: {
      statement_timeout: 120_000,
      idle_in_transaction_session_timeout: 60_000,
      keepAlive: true,
    },
  });
  return source.initialize();
}

/** Brings the schema up to date, once even when several processes start at a time. */
export async function migrate(source: DataSource): Promise<void> {
  const lock = source.createQueryRunner();
  try {
    await lock.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await source.runMigrations();
  } finally {
    await lock.query('select pg_advisory_unlock($1)', [MIGRATION_LOCK]).catch(() => undefined);
    await lock.release();
  }
}

const MIGRATION_LOCK = 1_795_000_000;
