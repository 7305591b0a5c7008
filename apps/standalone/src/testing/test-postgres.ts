import pg from 'pg';
import { startEmbeddedPostgres } from '../postgres/embedded-postgres.js';
import type { EmbeddedPostgres } from '../postgres/embedded-postgres.js';
import { keepingLog } from './keeping-log.js';

/** A PostgreSQL that ends with the test: `await using server = await testPostgres(folder)`. */
export interface TestPostgres extends EmbeddedPostgres, AsyncDisposable {
  readonly log: ReturnType<typeof keepingLog>;
  /** Runs one statement on a connection of its own. */
  query(statement: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
}

/** Starts one that forgoes fsync. */
export async function testPostgres(folder: string): Promise<TestPostgres> {
  const log = keepingLog();
  const server = await startEmbeddedPostgres({ folder, log, durable: false });
  return {
    ...server,
    log,
    query: async (statement, values = []) => {
      const client = new pg.Client({ ...server.connection });
      await client.connect();
      try {
        const { rows } = await client.query<Record<string, unknown>>(statement, [...values]);
        return rows;
      } finally {
        await client.end();
      }
    },
    [Symbol.asyncDispose]: () => server.stop(),
  };
}
