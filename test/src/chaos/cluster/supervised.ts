import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@rootcellar/testkit';
import { checkoutFile } from '../../deployment/checkout-file.js';
import { until } from '../processes.js';

/** An api or worker process as systemd or compose keep one: whoever ends by itself is started again after a second. */
export interface Supervised {
  readonly name: string;
  readonly port: number;
  readonly monitoringPort: number;
  /** How often it ended without having been told to. */
  readonly deaths: number;
  /** kill -9, and started again at once. Settles when it is ready. */
  killAndRestart(): Promise<void>;
  isReady(): Promise<boolean>;
  /** @returns its exit code */
  stop(): Promise<number | null>;
}

export interface SupervisedOrder {
  readonly name: string;
  readonly app: 'api' | 'worker';
  readonly room: string;
  readonly env: Readonly<Record<string, string>>;
}

const AGAIN_MS = 1000;
const READY_MS = 120_000;
const STOP_MS = 75_000;
const ASK_MS = 10_000;

export async function supervise({ name, app, room, env }: SupervisedOrder): Promise<Supervised> {
  const [port, monitoringPort] = [await freePort(), await freePort()];
  const settings = {
    ...env,
    // Who is killed cannot tidy up.
    ROOTCELLAR_SCRATCH: join(room, 'scratch', name),
    ROOTCELLAR_PORT: String(port),
    ROOTCELLAR_MONITORING_PORT: String(monitoringPort),
  };
  let wanted = true;
  let deaths = 0;
  const begin = (): ChildProcess => {
    const started = spawnApp(app, { room, env: settings, log: `${name}.log` });
    started.once('exit', () => {
      if (!wanted || started !== child) return;
      deaths += 1;
      setTimeout(() => {
        if (wanted && started === child) child = begin();
      }, AGAIN_MS);
    });
    return started;
  };
  let child = begin();
  const end = async (signal: NodeJS.Signals): Promise<number | null> => {
    const old = child;
    if (old.exitCode !== null || old.signalCode !== null) return old.exitCode;
    const ended = once(old, 'exit');
    const timer = setTimeout(() => old.kill('SIGKILL'), STOP_MS);
    old.kill(signal);
    await ended;
    clearTimeout(timer);
    return old.exitCode;
  };
  const isReady = async (): Promise<boolean> => answersOk(monitoringPort);
  return {
    ...{ name, port, monitoringPort, isReady },
    get deaths() {
      return deaths;
    },
    killAndRestart: async () => {
      wanted = false;
      await end('SIGKILL');
      wanted = true;
      child = begin();
      if (!(await until(isReady, READY_MS))) throw new Error(`${name} does not come back`);
    },
    stop: async () => {
      wanted = false;
      return end('SIGTERM');
    },
  };
}

/** Runs `migrate` to its end. @throws Error when that is not 0 */
export async function migrate(room: string, env: SupervisedOrder['env']): Promise<void> {
  const child = spawnApp('migrate', { room, env, log: 'migrate.log' });
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`migrate ended with ${String(code)}: see ${room}/migrate.log`);
}

/** Waits until all are ready. @throws Error when they are not in time */
export async function awaitReady(processes: readonly Supervised[]): Promise<void> {
  for (const one of processes) {
    if (!(await until(async () => one.isReady(), READY_MS))) {
      throw new Error(`${one.name} is not ready`);
    }
    await sleep(0);
  }
}

function spawnApp(
  app: string,
  order: { readonly room: string; readonly env: SupervisedOrder['env']; readonly log: string },
): ChildProcess {
  const log = openSync(join(order.room, order.log), 'a', 0o600);
  const script = checkoutFile('apps', app, 'dist', 'main.js');
  // The kernel ends it when we end; in the room there is no .env.
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', process.execPath, script], {
    cwd: order.room,
    env: { NODE_ENV: 'production', PATH: process.env['PATH'] ?? '', ...order.env },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  return child;
}

async function answersOk(port: number): Promise<boolean> {
  try {
    const answer = await fetch(`http://127.0.0.1:${port}/health/ready`, {
      signal: AbortSignal.timeout(ASK_MS),
    });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch {
    return false;
  }
}
