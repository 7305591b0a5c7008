import type { DataSource } from 'typeorm';
import { compareSchema } from '../connection/compare-schema.js';
import { firstRow } from '../sql.js';

/** How the database server is set up, as far as it matters to what is kept. */
export interface DatabaseFacts {
  /** 180004 is 18.4. */
  readonly serverVersion: number;
  readonly fsync: boolean;
  readonly fullPageWrites: boolean;
  readonly synchronousCommit: string;
  readonly maxConnections: number;
  /** Of these, for superusers only. */
  readonly reservedConnections: number;
  /** Of all programs. */
  readonly openConnections: number;
  /** Its clock. */
  readonly now: Date;
  readonly databaseBytes: number;
  /** Changes of the schema that this release needs and the database lacks. */
  readonly missingMigrations: readonly string[];
  /** Changes that a newer release made. */
  readonly unknownMigrations: readonly string[];
}

/** A few questions about settings, no table of ours but that of the migrations. @throws ArchiveError DATABASE_FAILED, SERVER_BUSY */
export async function databaseFacts(source: DataSource): Promise<DatabaseFacts> {
  const facts = await firstRow<Omit<DatabaseFacts, 'missingMigrations' | 'unknownMigrations'>>(
    source.manager,
    `select current_setting('server_version_num')::int as "serverVersion",
        current_setting('fsync')::bool as fsync,
        current_setting('full_page_writes')::bool as "fullPageWrites",
        current_setting('synchronous_commit') as "synchronousCommit",
        current_setting('max_connections')::int as "maxConnections",
        current_setting('superuser_reserved_connections')::int as "reservedConnections",
        (select count(*)::int from pg_stat_activity where backend_type = 'client backend') as "openConnections",
        clock_timestamp() as now,
        pg_database_size(current_database())::float8 as "databaseBytes"`,
  );
  if (facts === undefined) throw new Error('a query without a table gives one row');
  const { missing, unknown } = await compareSchema(source);
  return { ...facts, missingMigrations: missing, unknownMigrations: unknown };
}
