import { startEmbeddedPostgres } from '@rootcellar/standalone';
import type { Connection } from '@rootcellar/standalone';
import { killHard, postmasterOf, until, isRunning } from '../processes.js';
import { buildGate } from './gate.js';

/** A PostgreSQL that can be ended and started again behind a port that stays. */
export interface DatabaseServer extends AsyncDisposable {
  readonly connection: Connection;
  /** Fast shutdown, as an administrator does. */
  end(): Promise<void>;
  /** kill -9 of the server; its backends end because it is gone. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

const quiet = { info: () => undefined, warn: () => undefined };
const GONE_MS = 30_000;

/** @param data its folder is `postgres` in there */
export async function startDatabase(data: string): Promise<DatabaseServer> {
  const folder = `${data}/postgres`;
  const launch = async () => startEmbeddedPostgres({ folder, log: quiet });
  let server = await launch();
  const gate = await buildGate(server.connection.port);
  return {
    connection: { ...server.connection, port: gate.port },
    end: async () => server.stop(),
    kill: async () => {
      const pid = await postmasterOf(data);
      if (pid === undefined) throw new Error('no PostgreSQL runs');
      killHard(pid);
      await until(() => !isRunning(pid), GONE_MS);
    },
    start: async () => {
      server = await launch();
      gate.leadTo(server.connection.port);
    },
    [Symbol.asyncDispose]: async () => {
      await gate[Symbol.asyncDispose]();
      await server.stop();
    },
  };
}
