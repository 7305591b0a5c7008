import { readFile } from 'node:fs/promises';
import type { Database } from '@rootcellar/catalog';

/** What `utime` and `stime` in `/proc/<pid>/stat` count in; the same on every Linux. */
const TICKS_A_SECOND = 100;
const USER_TICKS = 11;
const SYSTEM_TICKS = 12;

/** Processor time of PostgreSQL and of this process. Unlike the clock it hardly changes when others use the machine, too. */
export interface ProcessorTime {
  /** In seconds, by process id; empty where the system does not tell. */
  readonly postgres: ReadonlyMap<number, number>;
  readonly own: number;
}

export async function processorTime(database: Database): Promise<ProcessorTime> {
  const found = await database.query<{ pid: number }[]>('select pid from pg_stat_activity');
  const postgres = new Map<number, number>();
  for (const { pid } of found) {
    const seconds = await secondsOf(pid);
    if (seconds !== undefined) postgres.set(pid, seconds);
  }
  const { user, system } = process.cpuUsage();
  return { postgres, own: (user + system) / 1e6 };
}

/** In seconds. What a connection used that was closed meanwhile is not in it. */
export function between(
  before: ProcessorTime,
  after: ProcessorTime,
): { readonly postgres: number; readonly own: number } {
  const postgres = [...after.postgres].reduce(
    (sum, [pid, seconds]) => sum + seconds - (before.postgres.get(pid) ?? 0),
    0,
  );
  return { postgres, own: after.own - before.own };
}

async function secondsOf(pid: number): Promise<number | undefined> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // Behind the name of the program, which may hold anything.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  return fields === undefined
    ? undefined
    : (Number(fields[USER_TICKS]) + Number(fields[SYSTEM_TICKS])) / TICKS_A_SECOND;
}
