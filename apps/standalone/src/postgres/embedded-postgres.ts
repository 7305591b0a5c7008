import { mkdir, realpath } from 'node:fs/promises';
import { basename, dirname, join, resolve } from 'node:path';
import { systemClock } from '@rootcellar/model';
import type { ArchiveError, Clock } from '@rootcellar/model';
import { errorCode } from '@rootcellar/platform';
import { onDisk } from '../disk-error.js';
import type { StartLog } from '../start-log.js';
import { provideCluster } from './cluster.js';
import { provideDatabase } from './connection.js';
import type { Connection } from './connection.js';
import { databaseFailed } from './database-failed.js';
import { ignoringPid, settlePreviousServer } from './previous-server.js';
import { findPrograms } from './programs.js';
import { readyServer } from './ready-server.js';
import type { ReadyServer } from './ready-server.js';
import { openServerLog } from './server-log.js';
import type { ServerLog } from './server-log.js';
import { postgresUser } from './system-user.js';

/** A real PostgreSQL that lives and ends with the service. */
export interface EmbeddedPostgres {
  readonly connection: Connection;
  /** "18.4" */
  readonly version: string;
  /**
   * Ends it, and with it all connections; a second call waits for the first.
   * @throws ArchiveError DATABASE_FAILED
   */
  stop(): Promise<void>;
  /** Settles when PostgreSQL ends without having been asked to, then with DATABASE_FAILED. */
  readonly died: Promise<ArchiveError>;
}

export interface EmbeddedPostgresOptions {
  /** The data directory; `<folder>-password` and `<folder>.log` lie beside it. Nobody but the caller uses it. */
  readonly folder: string;
  readonly log: StartLog;
  readonly clock?: Clock;
  /** Gives up the start. A server that is ready is ended by `stop()`. */
  readonly signal?: AbortSignal | undefined;
  /** False only in tests: faster, and broken by a power cut. */
  readonly durable?: boolean;
}

/**
 * Starts the PostgreSQL that npm installed on the cluster in `folder`, which is made when there is none; a server left over
 * from a process that was killed is stopped first. Settles when it answers.
 * @throws ArchiveError DATABASE_FAILED, DATA_UNUSABLE, STORAGE_FULL
 */
export function startEmbeddedPostgres(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  return onDisk(options.folder, () => start(options));
}

async function start(options: EmbeddedPostgresOptions): Promise<EmbeddedPostgres> {
  const { log, signal, clock = systemClock, durable = true } = options;
  const began = clock.monotonicMs();
  const folder = await provideParent(options.folder);
  const user = await postgresUser(folder);
  const programs = await findPrograms({ user, log });
  const found = { folder, programs, user, durable, env: {} };
  const cluster = { ...found, env: ignoringPid(await settlePreviousServer(found, log)) };
  const password = await provideCluster(cluster, signal);
  const serverLog = openServerLog(`${folder}.log`, log);
  try {
    const server = await readyServer(cluster, { log, clock, serverLog, signal });
    const connection = await signIn(server, password);
    const ms = Math.round(clock.monotonicMs() - began);
    log.info(`PostgreSQL ${programs.version} is ready after ${ms} ms.`);
    return { connection, version: programs.version, ...lifeOf(server, serverLog) };
  } catch (error) {
    serverLog.close();
    throw error;
  }
}

/** The folder by its real path, links resolved, whether it exists or not; what it lies in does then. */
async function provideParent(folder: string): Promise<string> {
  const path = resolve(folder);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
    return join(await realpath(dirname(path)), basename(path));
  }
}

async function signIn(server: ReadyServer, password: string): Promise<Connection> {
  try {
    return await provideDatabase(server.port, password);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function lifeOf(
  server: ReadyServer,
  serverLog: ServerLog,
): Pick<EmbeddedPostgres, 'stop' | 'died'> {
  let stopped: Promise<void> | undefined;
  const died = new Promise<ArchiveError>((resolveDied) => {
    void server.ended.then((how) => {
      serverLog.close();
      if (stopped !== undefined) return;
      const message = `PostgreSQL ended by itself (${how}). What was committed is kept; the next start recovers it.`;
      const hint =
        'Start Rootcellar again. If it happens again, postgres.log in the data folder says more.';
      resolveDied(databaseFailed(message, { said: serverLog.takeRecent(), hint }));
    });
  });
  return { died, stop: () => (stopped ??= server.stop()) };
}
