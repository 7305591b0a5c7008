import { spawn } from 'node:child_process';
import type { ChildProcessWithoutNullStreams, SpawnOptions } from 'node:child_process';
import { errorCode } from '@rootcellar/platform';

/** A user of the system, by number. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** Undefined: whoever we are. */
  readonly user: SystemUser | undefined;
  /** Beyond the little every program gets. */
  readonly env?: Readonly<Record<string, string>>;
}

export interface ProgramEnd {
  /** Null when a signal ended it or it did not start. */
  readonly code: number | null;
  /** Why it did not start: EACCES, ENOENT, EPERM … */
  readonly failure?: string;
  /** Standard output and standard error, the last 16 KiB. */
  readonly output: string;
}

const OUTPUT_CHARACTERS = 16 * 1024;

/**
 * How every program of PostgreSQL is spawned. In a process group of its own: Ctrl-C in a terminal reaches us alone, and we
 * stop PostgreSQL when we need it no more. The folder is entered before the user is changed (libuv: chdir, then setuid), so
 * that a program can work in a folder it could not reach by its path. Nothing of our environment leaks into it (PGOPTIONS,
 * LC_ALL …); Node itself adds what Windows cannot do without.
 */
export function spawnOptions(program: Program): SpawnOptions {
  return {
    cwd: program.cwd,
    ...program.user,
    env: { LC_ALL: 'C', PATH: '/usr/bin:/bin', ...program.env },
    detached: process.platform !== 'win32',
    windowsHide: true,
  };
}

/** Runs a program to its end, `input` on its standard input. An abort ends it with all that it started. */
export async function runProgram(
  program: Program,
  input = '',
  signal?: AbortSignal,
): Promise<ProgramEnd> {
  signal?.throwIfAborted();
  let child: ChildProcessWithoutNullStreams;
  try {
    child = spawn(program.command, program.args, { ...spawnOptions(program), stdio: 'pipe' });
  } catch (error) {
    // Node throws some failures of the system call and emits the others.
    const failure = errorCode(error);
    if (failure === undefined) throw error;
    return { code: null, failure, output: '' };
  }
  const onAbort = (): void => endGroup(child);
  signal?.addEventListener('abort', onAbort, { once: true });
  const end = await untilClosed(child, input);
  signal?.removeEventListener('abort', onAbort);
  signal?.throwIfAborted();
  return end;
}

function untilClosed(child: ChildProcessWithoutNullStreams, input: string): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    let output = '';
    let failure: string | undefined;
    const collect = (text: string): void => {
      output = (output + text).slice(-OUTPUT_CHARACTERS);
    };
    child.stdout.setEncoding('utf8').on('data', collect);
    child.stderr.setEncoding('utf8').on('data', collect);
    child.on('error', (error) => (failure ??= errorCode(error) ?? error.message));
    child.on('close', (code) => {
      resolve({ code, output, ...(failure === undefined ? {} : { failure, code: null }) });
    });
    // A program that ended without reading: its end tells more than EPIPE does.
    child.stdin.on('error', () => undefined).end(input);
  });
}

function endGroup(child: ChildProcessWithoutNullStreams): void {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  if (process.platform === 'win32') child.kill();
  else process.kill(-child.pid, 'SIGKILL');
}
