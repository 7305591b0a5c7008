import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { promisify } from 'node:util';
import { freePort } from '../free-port.js';
import { ensurePrograms } from './debian-packages.js';
import { makeTemporaryFolder } from '../temporary-folder.js';

export interface RedisServerOptions {
  /** Every write is on disk before it is answered; without it nothing is kept. */
  readonly persistent?: boolean;
  /** Lines of `redis.conf`, for example `maxmemory-policy allkeys-lru`. */
  readonly settings?: readonly string[];
}

/** A real redis-server (Debian's package) on loopback, with a password, in a folder of its own. */
export interface RedisServer extends AsyncDisposable {
  /** Without the password. */
  readonly url: string;
  readonly port: number;
  readonly password: string;
  /** @returns what `redis-cli` prints */
  readonly command: (...words: string[]) => Promise<string>;
  /** Loses everything. */
  readonly flush: () => Promise<void>;
  /** As a power cut does. */
  readonly kill: () => Promise<void>;
  /** Again, on the same port and folder. */
  readonly start: () => Promise<void>;
  /** Ends it and removes its folder. */
  readonly stop: () => Promise<void>;
}

const READY_MS = 20_000;

export async function startRedis(options: RedisServerOptions = {}): Promise<RedisServer> {
  await ensurePrograms({ 'redis-server': 'redis-server', 'redis-cli': 'redis-tools' });
  const folder = await makeTemporaryFolder('rootcellar-redis');
  const port = await freePort();
  const password = randomBytes(18).toString('hex');
  const file = join(folder.path, 'redis.conf');
  const lines = [
    ...['bind 127.0.0.1', `port ${port}`, `requirepass ${password}`, `dir ${folder.path}`],
    ...(options.persistent === true ? ['appendonly yes', 'appendfsync always'] : []),
    ...['save ""', 'daemonize no', 'logfile redis.log', ...(options.settings ?? [])],
  ];
  await writeFile(file, `${lines.join('\n')}\n`, { mode: 0o600 });
  let server: ChildProcess | undefined;
  const command = async (...words: string[]): Promise<string> => {
    const { stdout } = await promisify(execFile)('redis-cli', ['-p', String(port), ...words], {
      env: { ...process.env, REDISCLI_AUTH: password },
    });
    return stdout.trim();
  };
  const start = async (): Promise<void> => {
    server = spawn('redis-server', [file], { stdio: 'ignore' });
    await once(server, 'spawn');
    await whenReady(command);
  };
  const kill = async (): Promise<void> => {
    if (server?.exitCode === null && server.signalCode === null) {
      const ended = once(server, 'exit');
      server.kill('SIGKILL');
      await ended;
    }
  };
  const stop = async (): Promise<void> => {
    await kill();
    await folder.remove();
  };
  await start();
  return {
    ...{ url: `redis://127.0.0.1:${port}`, port, password, command, start, kill, stop },
    flush: async () => {
      await command('flushall');
    },
    [Symbol.asyncDispose]: stop,
  };
}

async function whenReady(command: (word: string) => Promise<string>): Promise<void> {
  const until = Date.now() + READY_MS;
  for (;;) {
    try {
      if ((await command('ping')) === 'PONG') return;
    } catch (error) {
      if (Date.now() > until) throw error;
    }
    await setTimeout(20);
  }
}
