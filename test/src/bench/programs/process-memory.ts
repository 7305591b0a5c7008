import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { errorCode } from '../error-code.js';

/** `VmHWM`, the most memory a process ever had in RAM, added up over a process and the descendants that live with it. */
export interface MemoryWatch {
  /** Bytes, as of the last look; undefined where the system does not tell (no /proc). */
  peak(): number | undefined;
  stop(): void;
}

/** `VmHWM` never falls, so looking often enough before the end is enough; looking takes time from what is measured. */
const LOOK_MS = 50;
const GONE = new Set<string | undefined>(['ENOENT', 'ESRCH', 'EACCES']);

export function watchMemory(pid: number): MemoryWatch {
  let peak: number | undefined;
  const look = (): void => {
    const together = family(pid).reduce((sum, member) => sum + (highWaterMark(member) ?? 0), 0);
    if (together > (peak ?? 0)) peak = together;
  };
  look();
  const timer = setInterval(look, LOOK_MS);

  return {
    peak: () => peak,
    stop: () => clearInterval(timer),
  };
}

/** `VmHWM` of one process that runs, in bytes; undefined where the system does not tell. */
export function highWaterMark(pid: number): number | undefined {
  const line = /^VmHWM:\s+(\d+) kB$/m.exec(readProc(`/proc/${pid}/status`));
  return line === null ? undefined : Number(line[1]) * 1024;
}

function family(pid: number): number[] {
  const folder = `/proc/${pid}/task`;
  if (!existsSync(folder)) return [];
  const children = readFolder(folder).flatMap((thread) =>
    readProc(`${folder}/${thread}/children`).trim().split(' ').filter(Boolean).map(Number),
  );
  return [pid, ...children.flatMap(family)];
}

function readProc(path: string): string {
  return whileItLives(() => readFileSync(path, 'utf8')) ?? '';
}

function readFolder(path: string): string[] {
  return whileItLives(() => readdirSync(path)) ?? [];
}

/** A process may end between two looks. */
function whileItLives<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch (error) {
    if (GONE.has(errorCode(error))) return undefined;
    throw error;
  }
}
