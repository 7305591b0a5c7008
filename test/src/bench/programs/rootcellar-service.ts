import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { watchMemory } from './process-memory.js';
import { CommandFailed } from './run-command.js';
import type { Workbench } from './run-command.js';

/** The standalone service, running for one archive. */
export interface RunningService {
  readonly url: string;
  readonly data: string;
  /** PostgreSQL, a program of its own, is not counted. */
  peakBytes(): number | undefined;
  stop(): Promise<void>;
}

const READY = /Rootcellar is ready at (http:\/\/\S+)/;
const START_MS = 180_000;
const STOP_MS = 60_000;
const LAST_WORDS = 2000;

/** Starts the service on a free port of the loopback address and waits for its ready line. */
export async function startService(
  main: string,
  room: string,
  bench: Workbench,
): Promise<RunningService> {
  const data = join(room, 'data');
  const log = join(room, 'service.log');
  const env = {
    ROOTCELLAR_DATA: data,
    ROOTCELLAR_HOST: '127.0.0.1',
    ROOTCELLAR_PORT: String(await freePort()),
  };
  bench.say(`$ ${named(env)} ${process.execPath} ${main} 2>${log} &`);
  const child = spawn(process.execPath, [main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: bench.signal,
  });
  child.stderr.pipe(createWriteStream(log));
  let lastWords = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-LAST_WORDS);
  });
  const watch = child.pid === undefined ? undefined : watchMemory(child.pid, { sameProgram: true });
  const stop = async (): Promise<void> => {
    watch?.stop();
    await end(child);
  };
  try {
    const url = await readyUrl(child, () => lastWords.trim());
    return { url, data, peakBytes: () => watch?.peak(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readyUrl(child: ChildProcess, lastWords: () => string): Promise<string> {
  return new Promise((resolve, reject) => {
    const fail = (what: string): void => {
      clearTimeout(timer);
      reject(new CommandFailed(`The service ${what}. ${lastWords()}`));
    };
    const timer = setTimeout(() => fail(`was not ready in ${START_MS / 1000} s`), START_MS);
    child.once('error', reject);
    // After the last byte of its output.
    child.once('close', (code) => fail(`ended with ${String(code)} before it was ready`));
    if (child.stdout === null) return;
    createInterface(child.stdout).on('line', (line) => {
      const url = READY.exec(line)?.[1];
      if (url === undefined) return;
      clearTimeout(timer);
      resolve(url);
    });
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
  clearTimeout(timer);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address !== null ? address.port : 0;
}

function named(env: Readonly<Record<string, string>>): string {
  return Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ');
}
