import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

const POLL_MS = 20;

/** The PostgreSQL of a data folder, or undefined when none runs. */
export async function postmasterOf(data: string): Promise<number | undefined> {
  const text = await readFile(join(data, 'postgres', 'postmaster.pid'), 'utf8').catch(() => '');
  const pid = Number(text.split('\n')[0]);
  return Number.isInteger(pid) && pid > 1 && isRunning(pid) ? pid : undefined;
}

/** kill -9 of a process that may be gone already. */
export function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}

export function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

/** Waits until something holds. @returns false when `ms` have passed before */
export async function until(holds: () => boolean | Promise<boolean>, ms: number): Promise<boolean> {
  const giveUp = performance.now() + ms;
  while (!(await holds())) {
    if (performance.now() > giveUp) return false;
    await sleep(POLL_MS);
  }
  return true;
}
