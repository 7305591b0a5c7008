import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { SERVICE_SCRIPT } from './checkout.js';
import { freePort } from './free-port.js';

export interface ServiceProcess extends AsyncDisposable {
  /** For example `http://127.0.0.1:51234`. */
  readonly url: string;
  readonly data: string;
  readonly port: number;
  readonly pid: number;
  readonly setupTokenFile: string;
  /** The end of what it wrote to stderr. */
  lastWords(): string;
  /** The lines of its log, as far back as is kept (1 MB), parsed. */
  log(): readonly Readonly<Record<string, unknown>>[];
  /** As Ctrl-C does. @returns its exit code */
  readonly stop: () => Promise<number | null>;
  /** As a power cut does, for this process alone: PostgreSQL lives on until the next start finds it. */
  readonly kill: () => Promise<void>;
}

export interface ServiceSettings {
  /** Its data folder; kept when it stops. */
  readonly data: string;
  /** A free one without it. */
  readonly port?: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Words before the command, see `SmallDisk`. */
  readonly through?: readonly string[];
  readonly signal?: AbortSignal;
}

/** The service ended before it was ready. */
export class ServiceFailed extends Error {
  override readonly name = 'ServiceFailed';

  readonly exitCode: number | null;
  readonly stderr: string;

  constructor(exitCode: number | null, stderr: string) {
    super(`The service ended with ${String(exitCode)} before it was ready: ${stderr.trim()}`);
    this.exitCode = exitCode;
    this.stderr = stderr;
  }
}

const READY = /Rootcellar is ready at (http:\/\/\S+)/;
const START_MS = 180_000;
const STOP_MS = 60_000;
const LAST_WORDS = 8000;
const LOG_KEPT = 1_000_000;

/** Starts the service as `npm start` does, on loopback, and waits for its ready line. @throws ServiceFailed */
export async function startServiceProcess(settings: ServiceSettings): Promise<ServiceProcess> {
  const { data, env, signal, through = [] } = settings;
  const port = settings.port ?? (await freePort());
  const [command, ...args] = [...through, process.execPath, SERVICE_SCRIPT];
  const child = spawn(command, args, {
    env: {
      ...process.env,
      ...{ ROOTCELLAR_DATA: data, ROOTCELLAR_HOST: '127.0.0.1', ROOTCELLAR_PORT: String(port) },
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(signal === undefined ? {} : { signal }),
  });
  const ended = once(child, 'exit');
  ended.catch(() => undefined);
  let words = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    words = (words + text).slice(-LOG_KEPT);
  });
  const stop = async (): Promise<number | null> => end(child, 'SIGTERM', ended);
  try {
    const lastWords = (): string => words.slice(-LAST_WORDS);
    const url = await readyUrl(child, lastWords);
    return {
      ...{ url, data, port, pid: child.pid ?? 0, stop },
      setupTokenFile: join(data, 'setup-token'),
      lastWords,
      log: () => logLines(words),
      kill: async () => {
        await end(child, 'SIGKILL', ended);
      },
      [Symbol.asyncDispose]: async () => {
        await stop();
      },
    };
  } catch (error) {
    await end(child, 'SIGKILL', ended);
    throw error;
  }
}

/** What is no JSON is somebody else's: a warning of Node, a line that is not whole yet. */
function logLines(words: string): Readonly<Record<string, unknown>>[] {
  return words.split('\n').flatMap((line) => {
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      return [];
    }
  });
}

async function readyUrl(child: ChildProcess, lastWords: () => string): Promise<string> {
  const ready = Promise.withResolvers<string>();
  const timer = setTimeout(() => {
    ready.reject(new Error(`The service was not ready in ${START_MS / 1000} s. ${lastWords()}`));
  }, START_MS);
  child.once('error', ready.reject);
  // After the last byte of its output.
  child.once('close', (code) => ready.reject(new ServiceFailed(code, lastWords())));
  if (child.stdout !== null) {
    createInterface(child.stdout).on('line', (line) => {
      const url = READY.exec(line)?.[1];
      if (url !== undefined) ready.resolve(url);
    });
  }
  try {
    return await ready.promise;
  } finally {
    clearTimeout(timer);
  }
}

async function end(
  child: ChildProcess,
  signal: NodeJS.Signals,
  ended: Promise<unknown>,
): Promise<number | null> {
  if (child.pid === undefined) return null;
  if (child.exitCode === null && child.signalCode === null) {
    const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
    child.kill(signal);
    await ended;
    clearTimeout(timer);
  }
  return child.exitCode;
}
