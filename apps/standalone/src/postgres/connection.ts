import { createServer } from 'node:net';
import pg from 'pg';
import { databaseFailed } from './database-failed.js';
import { DATABASE, HOST, USER } from './settings.js';

/** How to reach the embedded PostgreSQL; the names are those `pg` and TypeORM use. */
export interface Connection {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

const CONNECT_MS = 30_000;
// https://www.postgresql.org/docs/18/errcodes-appendix.html
const INVALID_PASSWORD = '28P01';

/**
 * A port that nobody listens on now.
 * @throws ArchiveError DATABASE_FAILED
 */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', (cause) => {
      reject(databaseFailed(`No port of ${HOST} is free for PostgreSQL.`, { cause }));
    });
    server.listen({ host: HOST, port: 0, exclusive: true }, () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}

/**
 * Signs in to a server that is ready, and makes our database when it is missing.
 * @throws ArchiveError DATABASE_FAILED
 */
export async function provideDatabase(port: number, password: string): Promise<Connection> {
  const connection = { host: HOST, port, user: USER, password, database: DATABASE };
  const client = new pg.Client({
    ...connection,
    database: 'postgres',
    connectionTimeoutMillis: CONNECT_MS,
    application_name: 'rootcellar start',
  });
  // A connection that breaks while nobody asks anything; whoever asks next hears of it.
  client.on('error', () => undefined);
  try {
    await client.connect();
    const found = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [DATABASE]);
    if (found.rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
    await client.end();
    return connection;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw refused(error);
  }
}

function refused(error: unknown): Error {
  const wrong = error instanceof pg.DatabaseError && error.code === INVALID_PASSWORD;
  return databaseFailed(
    wrong
      ? 'PostgreSQL does not accept the password that is kept for it. The database was not changed.'
      : 'PostgreSQL started, but did not let us in. The database was not changed.',
    {
      said: error instanceof Error ? error.message : '',
      cause: error,
      ...(wrong
        ? { hint: 'Remove the file postgres-password: the next start sets a new one.' }
        : {}),
    },
  );
}
