import { join } from 'node:path';
import { openDatabase } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { startEmbeddedPostgres } from '@rootcellar/standalone';
import type { Connection } from '@rootcellar/standalone';
import { makeTemporaryFolder } from '@rootcellar/testkit';

/** A real PostgreSQL that forgoes fsync and ends with the test. */
export interface TestServer extends AsyncDisposable {
  readonly connection: Connection;
  /** A folder for whatever the test needs beside the database. */
  readonly room: string;
  /** The cluster's folder. */
  readonly folder: string;
  /** A pool; the caller destroys it. */
  readonly open: () => Promise<Database>;
  /** Another, empty database of the same server. */
  readonly createDatabase: (name: string) => Promise<Connection>;
}

const POOL_SIZE = 12;
const quiet = { info: () => undefined, warn: () => undefined };

export async function startTestServer(): Promise<TestServer> {
  const room = await makeTemporaryFolder('rootcellar-integration');
  const folder = join(room.path, 'postgres');
  const server = await startEmbeddedPostgres({ folder, log: quiet, durable: false });
  const { connection } = server;
  const open = async (): Promise<Database> => openPool(connection);
  return {
    ...{ connection, room: room.path, folder, open },
    createDatabase: async (name) => {
      const pool = await open();
      await pool.query(`create database ${name}`);
      await pool.destroy();
      return { ...connection, database: name };
    },
    [Symbol.asyncDispose]: async () => {
      await server.stop();
      await room.remove();
    },
  };
}

export async function openPool(connection: Connection): Promise<Database> {
  return openDatabase({ ...connection, poolSize: POOL_SIZE });
}
