import 'reflect-metadata';
import { MIGRATIONS } from '@rootcellar/migrations';
import { DataSource } from 'typeorm';
import type { QueryRunner } from 'typeorm';
import { HeardClient } from './connection/catalog-client.js';
import { poolOptions } from './connection/database-settings.js';
import type { DatabaseSettings } from './connection/database-settings.js';
import { toArchiveError } from './database-errors.js';
import {
  AccountRow,
  CredentialRow,
  DeviceRow,
  HouseholdRow,
  MemberRow,
} from './rows/people.row.js';
import { AppRow, AppVersionRow, ArtifactRow, RootRow, SnapshotRow } from './rows/root.row.js';
import { UploadRow } from './rows/upload.row.js';

/** A pool of connections to the catalog. */
export type Database = DataSource;

/**
 * A connection pool. Nothing is migrated and nothing synchronised here: see `migrate`.
 * The caller destroys it.
 * @throws ArchiveError DATABASE_FAILED, also from every later statement; SERVER_BUSY, STORAGE_FULL
 */
export async function openDatabase(settings: DatabaseSettings): Promise<DataSource> {
  const { host, port, user: username, password, database, poolSize } = settings;
  const source = new CatalogSource({
    ...{ type: 'postgres', host, port, username, password, database },
    applicationName: 'rootcellar',
    entities: [
      HouseholdRow,
      AccountRow,
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
    extra: { ...poolOptions(settings), Client: HeardClient },
  });
  try {
    return await source.initialize();
  } catch (error) {
    throw toArchiveError(error);
  }
}

/** Every statement goes through a runner: here a database that is gone gets its code, by which agents wait and try again. */
class CatalogSource extends DataSource {
  /** A runner whose connection broke is refused here, before it is asked. */
  override async query<T>(...statement: Parameters<DataSource['query']>): Promise<T> {
    try {
      return await super.query<T>(...statement);
    } catch (error) {
      throw toArchiveError(error);
    }
  }

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
