import { spawn } from 'node:child_process';
import { watchMemory } from './process-memory.js';

export interface Command {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** What one command took, from its start to its end as a user waits for it. */
export interface Run {
  readonly seconds: number;
  /** Peak memory of the command and its children; undefined where the system does not tell. */
  readonly peakBytes: number | undefined;
  readonly stdout: string;
}

export interface Workbench {
  /** Takes each command and what it took: printed with --verbose. */
  readonly say: (line: string) => void;
  /** Ends what runs when the user stops the benchmark. */
  readonly signal: AbortSignal;
}

const OUTPUT_MAX = 64 * 2 ** 20;
const LAST_WORDS = 2000;

/** A command of a program under test ended badly: the rows it was for stay empty. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
}

/** Runs a command to its end. @throws CommandFailed with the last of what it said on stderr. */
export async function runCommand(command: Command, bench: Workbench): Promise<Run> {
  bench.say(`$ ${shellLine(command)}`);
  const start = performance.now();
  const child = spawn(command.command, command.args, {
    cwd: command.cwd,
    env: { ...process.env, ...command.env },
    stdio: ['ignore', 'pipe', 'pipe'],
    signal: bench.signal,
  });
  const watch = child.pid === undefined ? undefined : watchMemory(child.pid);
  const output = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      if (output[stream].length < OUTPUT_MAX) output[stream] += text;
    });
  }
  let ended = start;
  const code = await new Promise<number | string>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', () => {
      ended = performance.now();
    });
    // After the last byte of its output.
    child.on('close', (status, signal) => resolve(status ?? signal ?? 'unknown'));
  }).finally(() => watch?.stop());
  const seconds = (ended - start) / 1000;
  if (code !== 0) {
    throw new CommandFailed(
      `Ended with ${code}: ${shellLine(command)}\n${output.stderr.slice(-LAST_WORDS).trim()}`,
    );
  }
  const peakBytes = watch?.peak();
  bench.say(
    `  ${seconds.toFixed(2)} s${peakBytes === undefined ? '' : `, peak ${peakBytes} bytes`}`,
  );
  return { seconds, peakBytes, stdout: output.stdout };
}

function shellLine({ command, args, cwd, env = {} }: Command): string {
  const words = [
    ...Object.entries(env).map(([name, value]) => `${name}=${value}`),
    ...[command, ...args],
  ].map((word) => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`));
  return cwd === undefined ? words.join(' ') : `cd ${cwd} && ${words.join(' ')}`;
}
