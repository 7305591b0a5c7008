import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { COMMAND_SCRIPT } from './checkout.js';

/** What the commands print with `--json`: each gives some of these. */
export interface Answer {
  readonly id: string;
  readonly householdId: string;
  readonly householdName: string;
  readonly memberId: string;
  readonly link: string;
  readonly email: string;
  readonly role: string;
  readonly server: string;
  readonly snapshotId: string;
  readonly deviceId: string;
  readonly artifactId: string;
  readonly udid: string;
  readonly name: string;
  readonly deviceName: string;
  readonly snapshots: number;
  readonly latestSnapshotId: string | null;
  readonly path: string;
  readonly domain: string;
  readonly type: string;
  readonly file: string;
  readonly fileName: string;
  readonly status: string;
  readonly code: string | null;
  readonly message: string | null;
  readonly bundleId: string;
  readonly version: string;
  readonly build: string;
  readonly externalVersionId: string | null;
  readonly versions: number;
  readonly artifacts: readonly Answer[];
  readonly files: number;
  readonly size: number;
  readonly bytes: number;
  readonly logicalBytes: number;
  readonly sentBytes: number;
  readonly newBytes: number;
  readonly reusedBytes: number;
  readonly seconds: number;
  readonly sha256: string;
  readonly takenAt: string;
  readonly modifiedAt: string;
  readonly encrypted: boolean;
  readonly complete: boolean;
  readonly clean: boolean;
  readonly missingFiles: number;
  readonly damagedFiles: number;
  readonly items: readonly Answer[];
  readonly nextCursor: string | null;
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly hint?: string;
    readonly details?: Readonly<Record<string, unknown>>;
  };
}

/** How a command of the agent ended. */
export interface CommandEnd {
  /** Null when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** The one JSON document on stdout. */
  json(): Answer;
}

export interface RunningCommand {
  readonly child: ChildProcess;
  readonly ended: Promise<CommandEnd>;
  /** Resolves as soon as this was said on stderr. @throws Error when the command ends without it */
  heard(words: RegExp): Promise<void>;
}

/** A computer with the `rootcellar` command on it: its own config folder, one service. */
export interface Agent {
  readonly home: string;
  readonly config: string;
  /** Every command gets `--json`. */
  run(...args: readonly string[]): Promise<CommandEnd>;
  start(...args: readonly string[]): RunningCommand;
  /** @throws Error with what it said when the command does not end with 0 */
  ok(...args: readonly string[]): Promise<Answer>;
}

export interface AgentSettings {
  /** Where its config, cache and state lie. */
  readonly home: string;
  readonly url: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
}

export const PASSWORD = 'correct horse battery staple';
export const ADMINISTRATOR = { name: 'Ada', email: 'ada@example.org' } as const;

export function makeAgent({ home, url, env, signal }: AgentSettings): Agent {
  const config = join(home, 'config');
  const start = (...args: readonly string[]): RunningCommand => {
    const child = spawn(process.execPath, [COMMAND_SCRIPT, ...args, '--server', url, '--json'], {
      env: { ...process.env, ROOTCELLAR_CONFIG: config, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...(signal === undefined ? {} : { signal }),
    });
    return follow(child);
  };
  const run = async (...args: readonly string[]): Promise<CommandEnd> => start(...args).ended;
  return {
    ...{ home, config, start, run },
    async ok(...args: readonly string[]) {
      const end = await run(...args);
      if (end.code !== 0) {
        const words = `${end.stdout}${end.stderr}`.trim();
        throw new Error(`rootcellar ${args.join(' ')} ended with ${String(end.code)}: ${words}`);
      }
      return end.json();
    },
  };
}

/** Makes the household of a new service and signs the agent in as its first administrator. */
export async function setUpHousehold(
  agent: Agent,
  service: { readonly setupTokenFile: string },
  person: { readonly name: string; readonly email: string } = ADMINISTRATOR,
): Promise<void> {
  await mkdir(agent.home, { recursive: true });
  const passwordFile = join(agent.home, 'password');
  await writeFile(passwordFile, PASSWORD, { mode: 0o600 });
  await agent.ok(
    ...['setup', '--setup-token-file', service.setupTokenFile, '--household', 'Test'],
    ...['--name', person.name, '--email', person.email, '--password-file', passwordFile],
  );
}

function follow(child: ChildProcess): RunningCommand {
  const said = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      said[stream] += text;
    });
  }
  const ended = new Promise<CommandEnd>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => {
      resolve({ code, ...said, json: () => JSON.parse(said.stdout) as Answer });
    });
  });
  const heard = async (words: RegExp): Promise<void> =>
    new Promise((resolve, reject) => {
      const listen = (): void => {
        if (words.test(said.stderr)) resolve();
      };
      child.stderr?.on('data', listen);
      listen();
      // Rejecting what is settled already does nothing.
      void ended.finally(() =>
        reject(new Error(`${String(words)} was never said: ${said.stderr}`)),
      );
    });
  return { child, ended, heard };
}
