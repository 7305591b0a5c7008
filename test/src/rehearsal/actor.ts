import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir } from 'node:fs/promises';
import { checkoutFile } from '../deployment/checkout-file.js';
import type { Stage } from './stage.js';

/** A service of the compose file as a process of ours. */
export interface Actor {
  readonly name: string;
  readonly pid: number;
  /** Resolves with its exit code, null after a signal. */
  readonly ended: Promise<number | null>;
  /** The end of what it wrote. */
  lastWords(): string;
  /** As `docker compose stop`: its stop signal, and SIGKILL after its grace period. @returns the exit code, null when it was killed */
  stop(): Promise<number | null>;
}

const LAST_WORDS = 16_000;
const DEFAULT_GRACE_S = 10;
/** What the image sets, beside what compose does; nothing of our own environment goes in but where programs lie. */
const IMAGE_ENVIRONMENT = { NODE_ENV: 'production', PATH: process.env['PATH'] ?? '' };

/** Starts a service with its own command and environment, and nothing else. It dies with us, however we end. */
export async function startActor(stage: Stage, name: string): Promise<Actor> {
  for (const folder of stage.folders(name)) await mkdir(folder, { recursive: true });
  const [program = '', ...words] = stage.command(name);
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', program, ...words], {
    cwd: checkoutFile(),
    env: { ...IMAGE_ENVIRONMENT, ...stage.environment(name) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  await once(child, 'spawn');
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-LAST_WORDS);
    });
  }
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return {
    ...{ name, pid: child.pid ?? 0, ended, lastWords: () => said },
    stop: async () => stopped(child, ended, graceOf(stage, name)),
  };
}

/** Runs a one-shot service to its end. @throws Error with what it said when that is not 0 */
export async function runActor(stage: Stage, name: string): Promise<string> {
  const actor = await startActor(stage, name);
  const code = await actor.ended;
  if (code !== 0) throw new Error(`${name} ended with ${String(code)}: ${actor.lastWords()}`);
  return actor.lastWords();
}

async function stopped(
  child: ChildProcess,
  ended: Promise<number | null>,
  graceMs: number,
): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
  child.kill('SIGTERM');
  const code = await ended;
  clearTimeout(timer);
  return code;
}

function graceOf(stage: Stage, name: string): number {
  const text = stage.compose.services[name]?.stop_grace_period ?? `${DEFAULT_GRACE_S}s`;
  const { m = '0', s = '0' } = /^(?:(?<m>\d+)m)?(?:(?<s>\d+)s)?$/.exec(text)?.groups ?? {};
  return (Number(m) * 60 + Number(s)) * 1000;
}
