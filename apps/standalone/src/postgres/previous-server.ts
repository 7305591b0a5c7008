import { readFile, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { errorCode } from '@rootcellar/platform';
import type { StartLog } from '../start-log.js';
import { onCluster } from './cluster.js';
import type { Cluster } from './cluster.js';
import { databaseFailed } from './database-failed.js';
import { readPostmasterPid } from './postmaster-pid.js';
import { runProgram } from './run-program.js';
import { MARK } from './settings.js';
import { stopInSteps } from './stop-steps.js';

const POLL_MS = 20;

/** Names this very folder, not a copy of it: goes onto the command line of each server, where everybody may read it. */
export async function clusterMark(folder: string): Promise<string> {
  const { dev, ino } = await stat(folder);
  return `${dev}-${ino}`;
}

/**
 * Stops a server that outlived the process it belonged to (kill -9). The caller holds the lock of the data folder, so nobody
 * uses it. Gives back the process id in a stale `postmaster.pid` that some other program bears by now: that program is never
 * touched, and PostgreSQL must be told that it is not in its way.
 * @throws ArchiveError DATABASE_FAILED
 */
export async function settlePreviousServer(
  cluster: Cluster,
  log: StartLog,
): Promise<number | undefined> {
  const { folder } = cluster;
  const left = await readPostmasterPid(folder);
  if (left === undefined) return undefined;
  const { pid } = left;
  if (process.platform === 'win32') return stopOnWindows(cluster);

  const mark = `${MARK}=${await clusterMark(folder)}`;
  const runs = async (): Promise<boolean> => (await commandLine(pid)).includes(mark);
  if (await runs()) {
    log.info(`PostgreSQL (process ${pid}) still runs from a start that was cut off; stopping it.`);
    const stopped = await stopInSteps({
      signal: (signal) => send(pid, signal),
      goneWithin: (ms) => goneWithin(runs, ms),
    });
    if (!stopped) throw doesNotEnd(pid);
  }
  return exists(pid) ? pid : undefined;
}

/**
 * The environment that tells PostgreSQL that the process which a lock file names is not in its way: pg_ctl's own means
 * (CreateLockFile in miscinit.c). To remove the file would remove the guard against backends that outlived their server too.
 */
export function ignoringPid(pid: number | undefined): Record<string, string> {
  return pid === undefined ? {} : { PG_GRANDPARENT_PID: String(pid) };
}

async function goneWithin(runs: () => Promise<boolean>, ms: number): Promise<boolean> {
  for (let waited = 0; waited < ms; waited += POLL_MS) {
    if (!(await runs())) return true;
    await sleep(POLL_MS);
  }
  return !(await runs());
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EPERM') throw doesNotEnd(pid);
    if (code !== 'ESRCH') throw error;
  }
}

/** The arguments of a process; empty for one that is gone, a zombie or hidden from us, which is none of ours then. */
export async function commandLine(pid: number): Promise<string[]> {
  if (process.platform !== 'linux') {
    const args = ['-ww', '-o', 'args=', '-p', String(pid)];
    const end = await runProgram({ command: '/bin/ps', args, cwd: '/', user: undefined });
    return end.output.trim().split(/\s+/);
  }
  try {
    return (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0');
  } catch (error) {
    if (['ENOENT', 'ESRCH', 'EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return [];
    throw error;
  }
}

function exists(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
}

/** There a signal is a message to a pipe that only a PostgreSQL listens on: pg_ctl cannot hit another program. */
async function stopOnWindows(cluster: Cluster): Promise<undefined> {
  await runProgram(onCluster(cluster, 'pg_ctl', ['-m', 'fast', '-w', '-t', '60', 'stop']));
  return undefined;
}

function doesNotEnd(pid: number): Error {
  return databaseFailed(
    `PostgreSQL (process ${pid}) still runs from a start that was cut off, and does not end. Nothing was changed.`,
    { hint: `End process ${pid}, or restart the computer, and start again.` },
  );
}
