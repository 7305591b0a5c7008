import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '@rootcellar/model';
import type { StartLog } from '../start-log.js';
import type { Cluster } from './cluster.js';
import { freePort } from './connection.js';
import { databaseFailed } from './database-failed.js';
import { readPostmasterPid } from './postmaster-pid.js';
import { clusterMark } from './previous-server.js';
import type { ServerLog } from './server-log.js';
import { startServer } from './server-process.js';
import type { ServerProcess } from './server-process.js';

/** A server that takes connections. */
export interface ReadyServer extends ServerProcess {
  readonly port: number;
}

export interface ReadyRequest {
  readonly log: StartLog;
  readonly clock: Clock;
  readonly serverLog: ServerLog;
  readonly signal: AbortSignal | undefined;
}

const POLL_MS = 10;
const REPORT_MS = 15_000;
const ATTEMPTS = 20;
const PAUSE_MS = 250;

// PostgreSQL's words with lc_messages=C: postmaster/postmaster.c, utils/init/miscinit.c
const PORT_TAKEN = 'could not create any TCP/IP sockets';
const STILL_ENDING = [
  'pre-existing shared memory block',
  'lock file "postmaster.pid" already exists',
];

/**
 * Starts the server on a port that is free, once more when somebody was quicker to take it, or when processes of a server that
 * was killed have not ended yet. Recovery after a crash may take minutes; the server decides, and it is said in the log.
 * @throws ArchiveError DATABASE_FAILED
 */
export async function readyServer(cluster: Cluster, request: ReadyRequest): Promise<ReadyServer> {
  const { serverLog: log, signal } = request;
  const mark = await clusterMark(cluster.folder);
  for (let attempt = 1; ; attempt += 1) {
    const port = await freePort();
    const server = startServer(cluster, { port, mark, log });
    if (await becomesReady(cluster, server, request)) return { ...server, port };

    const said = log.takeRecent();
    const again = [PORT_TAKEN, ...STILL_ENDING].some((words) => said.includes(words));
    if (!again || attempt === ATTEMPTS) throw didNotStart(server, said);
    await sleep(PAUSE_MS, undefined, { signal });
  }
}

/** False when it ended instead. */
async function becomesReady(
  { folder }: Cluster,
  server: ServerProcess,
  { log, clock, signal }: ReadyRequest,
): Promise<boolean> {
  try {
    let report = clock.monotonicMs() + REPORT_MS;
    while (server.end() === undefined) {
      signal?.throwIfAborted();
      // By the file, not by trying the port: until it is ready, whoever sits there could ask us for the password.
      const state = await readPostmasterPid(folder);
      if (state?.pid === server.pid && state?.ready === true) return true;
      if (clock.monotonicMs() > report) {
        log.info('PostgreSQL is still starting: it recovers what a crash left behind.');
        report += REPORT_MS;
      }
      await sleep(POLL_MS);
    }
    return false;
  } catch (error) {
    await server.stop();
    throw error;
  }
}

function didNotStart(server: ServerProcess, said: string): Error {
  return databaseFailed(
    `PostgreSQL did not start (${server.end() ?? '?'}). What is stored was not changed.`,
    {
      said,
      hint: 'What PostgreSQL said is in the details, and in postgres.log in the data folder.',
    },
  );
}
