import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { programPath } from './debian-packages.js';

/** A server program that runs as long as we do. */
export interface ChildServer {
  readonly pid: number;
  /** The end of what it wrote. */
  lastWords(): string;
  /** Rejects when the program ends by itself; never resolves. */
  readonly ended: Promise<never>;
  /** SIGTERM, and SIGKILL when that does not help. */
  stop(): Promise<void>;
}

const STOP_MS = 10_000;
const LAST_WORDS = 4000;

/** Starts a program in the foreground. The kernel ends it when we end, however that is (`setpriv --pdeathsig`, util-linux). */
export async function startChildServer(
  program: string,
  args: readonly string[],
): Promise<ChildServer> {
  const path = await programPath(program);
  if (path === undefined) throw new Error(`${program} is not installed.`);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', path, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let words = '';
  for (const output of [child.stdout, child.stderr]) {
    output.setEncoding('utf8').on('data', (text: string) => {
      words = (words + text).slice(-LAST_WORDS);
    });
  }
  const exit = once(child, 'close');
  let stopping = false;
  const ended = exit.then(async () => {
    // A server that was told to stop has not failed: whoever waits for it waits for nothing.
    if (stopping) return new Promise<never>(() => undefined);
    throw new Error(`${program} ended by itself: ${words.trim()}`);
  });
  ended.catch(() => undefined);
  const stop = async (): Promise<void> => {
    stopping = true;
    if (child.exitCode !== null || child.signalCode !== null) return;
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill('SIGTERM');
    await exit;
    clearTimeout(timer);
  };
  return { pid: child.pid ?? 0, lastWords: () => words, ended, stop };
}
