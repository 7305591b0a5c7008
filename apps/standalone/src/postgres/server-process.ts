import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '@rootcellar/platform';
import { onCluster } from './cluster.js';
import type { Cluster } from './cluster.js';
import { databaseFailed } from './database-failed.js';
import { runProgram, spawnOptions } from './run-program.js';
import type { ServerLog } from './server-log.js';
import { serverSettings } from './settings.js';
import { stopInSteps } from './stop-steps.js';

/** A PostgreSQL that is ours, from its start to its end. */
export interface ServerProcess {
  readonly pid: number | undefined;
  /** Settles with its end, wanted or not; by then what it said last is in the log. */
  readonly ended: Promise<ServerEnd>;
  /** The same, to ask without waiting. */
  end(): ServerEnd | undefined;
  /** @throws ArchiveError DATABASE_FAILED */
  stop(): Promise<void>;
}

/** "code 1", "signal SIGKILL" */
export type ServerEnd = string;

export interface ServerRequest {
  readonly port: number;
  /** See `clusterMark`. */
  readonly mark: string;
  readonly log: ServerLog;
}

/** Its last words come through a pipe that processes of its own may hold open for longer than it lives. */
const LAST_WORDS_MS = 300;

/**
 * Starts the server; it needs a while until it is ready.
 * @throws ArchiveError DATABASE_FAILED
 */
export function startServer(cluster: Cluster, { port, mark, log }: ServerRequest): ServerProcess {
  const child = spawnServer(cluster, serverSettings(port, mark, cluster.durable));
  child.stderr?.setEncoding('utf8').on('data', (text: string) => log.write(text));
  // A last resort for an end of this process that nobody saw coming: PostgreSQL goes too, and keeps what it has.
  const onExit = (): void => void child.kill('SIGINT');
  process.on('exit', onExit);
  let end: ServerEnd | undefined;
  const ended = untilEnded(child).then((how) => {
    process.off('exit', onExit);
    end = how;
    return how;
  });

  const goneWithin = (ms: number): Promise<boolean> => within(ended, ms);
  const stop = async (): Promise<void> => {
    const stopped =
      process.platform === 'win32'
        ? await stopOnWindows(cluster, goneWithin)
        : await stopInSteps({ signal: (name) => child.kill(name), goneWithin });
    if (!stopped) throw databaseFailed(`PostgreSQL (process ${child.pid ?? '?'}) does not end.`);
  };
  return { pid: child.pid, ended, end: () => end, stop };
}

function spawnServer(cluster: Cluster, settings: readonly string[]): ChildProcess {
  const program = onCluster(cluster, 'postgres', settings);
  try {
    return spawn(program.command, program.args, {
      ...spawnOptions(program),
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined) throw error;
    throw databaseFailed(`PostgreSQL cannot be started (${code}).`, { cause: error });
  }
}

function untilEnded(child: ChildProcess): Promise<ServerEnd> {
  return new Promise((resolve) => {
    child.on('error', (error) => {
      if (child.pid === undefined) resolve(error.message);
    });
    child.on('exit', (code, signal) => {
      const how = signal === null ? `code ${code ?? '?'}` : `signal ${signal}`;
      const late = setTimeout(resolve, LAST_WORDS_MS, how);
      child.on('close', () => {
        clearTimeout(late);
        resolve(how);
      });
    });
  });
}

async function within(ended: Promise<unknown>, ms: number): Promise<boolean> {
  const patience = new AbortController();
  const late = sleep(ms, false, { signal: patience.signal }).catch(() => false);
  const gone = await Promise.race([ended.then(() => true), late]);
  patience.abort();
  return gone;
}

/** Windows has no signals: pg_ctl sends its own kind. */
async function stopOnWindows(
  cluster: Cluster,
  goneWithin: (ms: number) => Promise<boolean>,
): Promise<boolean> {
  for (const mode of ['fast', 'immediate']) {
    await runProgram(onCluster(cluster, 'pg_ctl', ['-m', mode, '-w', '-t', '60', 'stop']));
    if (await goneWithin(5000)) return true;
  }
  return false;
}
