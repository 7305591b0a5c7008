import 'reflect-metadata';
import { MIGRATIONS } from '@rootcellar/migrations';
import pg from 'pg';
import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { toArchiveError } from './database-errors.js';
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
 * @throws ArchiveError DATABASE_FAILED, also from every later statement; SERVER_BUSY, STORAGE_FULL
 */
export async function openDatabase(settings: DatabaseSettings): Promise<DataSource> {
  const { user, poolSize, ...connection } = settings;
  const source = new CatalogSource({
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
      Client: HeardClient,
    },
  });
  return source.initialize();
}

/**
 * Between pool and runner nobody listens to a connection for a moment. A server that dies just then is told of by the next statement;
 * unheard it would end the process.
 */
class HeardClient extends pg.Client {
  constructor(config?: string | pg.ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

/** Every statement goes through a runner: here a database that is gone gets its code, by which agents wait and try again. */
class CatalogSource extends DataSource {
  override createQueryRunner(mode?: Parameters<DataSource['createQueryRunner']>[0]): QueryRunner {
    const runner = super.createQueryRunner(mode);
    const query = runner.query.bind(runner);
    return Object.assign(runner, {
      query: async (...statement: Parameters<typeof query>): Promise<unknown> => {
        try {
          return await query(...statement);
        } catch (error) {
          throw toArchiveError(error);
        }
      },
    });
  }
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
