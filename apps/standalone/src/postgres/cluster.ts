import { randomBytes } from 'node:crypto';
import { chmod, lchown, mkdtemp, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { errorCode } from '@rootcellar/platform';
import { readPrivateFile, syncFolder, writePrivateFile } from '../private-file.js';
import { databaseFailed } from './database-failed.js';
import { programPath } from './programs.js';
import type { ProgramName, Programs } from './programs.js';
import { runProgram } from './run-program.js';
import type { Program, SystemUser } from './run-program.js';
import { USER, singleUserSettings } from './settings.js';

/** A cluster on the disk, and what runs it. */
export interface Cluster {
  /** PostgreSQL's data directory. Beside it: `<folder>-password`, `<folder>.log`, `<folder>.new-…` while it is made. */
  readonly folder: string;
  readonly programs: Programs;
  readonly user: SystemUser | undefined;
  readonly durable: boolean;
  /** The environment its programs need. */
  readonly env: Readonly<Record<string, string>>;
}

/**
 * One of PostgreSQL's programs at work on the cluster, which is its working directory. On Linux it gets the cluster by that
 * name, not by its path: the path may be longer than PostgreSQL can hold (1024 bytes), and lead through folders that only
 * root may enter.
 */
export function onCluster(
  { folder, programs, user, env }: Cluster,
  name: ProgramName,
  args: readonly string[],
): Program {
  const data = process.platform === 'linux' ? '/proc/self/cwd' : folder;
  return {
    command: programPath(programs, name),
    args: ['-D', data, ...args],
    cwd: folder,
    user,
    env,
  };
}

/**
 * Makes the cluster when there is none, and gives back the password of its user. A cluster is made beside its place and moved
 * there as the last step: what is in place is finished, and is never removed.
 * @throws ArchiveError DATABASE_FAILED
 */
export async function provideCluster(cluster: Cluster, signal?: AbortSignal): Promise<string> {
  const { folder, programs } = cluster;
  const major = await clusterMajor(folder);
  await removeUnfinished(folder);
  if (major === undefined) return createCluster(cluster, signal);
  if (major !== programs.major) {
    throw databaseFailed(
      `The database in ${folder} is one of PostgreSQL ${major}; this release brings PostgreSQL ${programs.version}, which cannot read it. Nothing was changed.`,
      { hint: 'Start the release of Rootcellar that wrote it.' },
    );
  }
  await takeOwnership(cluster);
  const kept = await readPrivateFile(passwordFile(folder));
  if (typeof kept === 'string' && /^[0-9a-f]{64}\n$/.test(kept)) return kept.trim();
  const password = newPassword();
  await setPassword(cluster, password, signal);
  await writePrivateFile(passwordFile(folder), `${password}\n`);
  return password;
}

/** Where the password of the cluster's user is kept (0600). */
export function passwordFile(folder: string): string {
  return `${folder}-password`;
}

/** The major version of the finished cluster in the folder; undefined when there is none and one may be made. */
async function clusterMajor(folder: string): Promise<number | undefined> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
  if (names.length === 0) return undefined;
  const version = await readPrivateFile(join(folder, 'PG_VERSION'));
  if (typeof version === 'string' && /^\d{1,3}(\.\d)?\n$/.test(version)) {
    return Number.parseInt(version, 10);
  }
  throw databaseFailed(
    `${folder} holds files that are no PostgreSQL database. Nothing was changed.`,
    { hint: 'Move them away, or choose another data folder: ROOTCELLAR_DATA=….' },
  );
}

async function removeUnfinished(folder: string): Promise<void> {
  const beginning = `${basename(folder)}.new-`;
  for (const name of await readdir(dirname(folder))) {
    if (!name.startsWith(beginning)) continue;
    // initdb may have outlived us and still be writing for a moment.
    await rm(join(dirname(folder), name), { recursive: true, force: true, maxRetries: 10 });
  }
}

async function createCluster(cluster: Cluster, signal?: AbortSignal): Promise<string> {
  const { folder, user, durable } = cluster;
  const unfinished = { ...cluster, folder: await mkdtemp(`${folder}.new-`) };
  try {
    if (user !== undefined) await lchown(unfinished.folder, user.uid, user.gid);
    await initdb(unfinished, signal);
    const password = newPassword();
    await setPassword(unfinished, password, signal);
    await writePrivateFile(passwordFile(folder), `${password}\n`);
    await removeEmpty(folder);
    await rename(unfinished.folder, folder);
    if (durable) await syncFolder(dirname(folder));
    return password;
  } catch (error) {
    await rm(unfinished.folder, { recursive: true, force: true, maxRetries: 10 });
    throw error;
  }
}

/** An empty folder in the place may be a link to another disk: then the move says so, and nothing is lost. */
async function removeEmpty(folder: string): Promise<void> {
  try {
    await rmdir(folder);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

async function initdb(cluster: Cluster, signal?: AbortSignal): Promise<void> {
  const args = [
    '-U',
    USER,
    '--encoding=UTF8',
    '--locale=C',
    '--data-checksums',
    '--no-instructions',
  ];
  // Order by code point, cases for every language, the same on each system and with each release of its libraries.
  args.push('--locale-provider=builtin', '--builtin-locale=C.UTF-8');
  args.push('--auth-local=reject', '--auth-host=scram-sha-256');
  if (!cluster.durable) args.push('--no-sync');
  const end = await runProgram(onCluster(cluster, 'initdb', args), '', signal);
  if (end.code === 0) return;
  throw databaseFailed(
    `PostgreSQL could not make its database in ${dirname(cluster.folder)}. What it began was removed.`,
    { said: end.output, hint: 'What PostgreSQL said is in the details. Mend it and start again.' },
  );
}

/** In single-user mode: no port is open, nobody needs to sign in, and the password appears on no command line. */
async function setPassword(
  cluster: Cluster,
  password: string,
  signal?: AbortSignal,
): Promise<void> {
  const args = [...singleUserSettings(cluster.durable), 'postgres'];
  const single = onCluster(cluster, 'postgres', args);
  const statement = `ALTER ROLE ${USER} PASSWORD '${password}'\n`;
  const end = await runProgram(
    { ...single, args: ['--single', ...single.args] },
    statement,
    signal,
  );
  if (end.code === 0 && !/\b(ERROR|FATAL|PANIC):/.test(end.output)) return;
  throw databaseFailed(`PostgreSQL could not set the password of its database.`, {
    said: end.output.replaceAll(password, '…'),
  });
}

function newPassword(): string {
  return randomBytes(32).toString('hex');
}

/** PostgreSQL insists on a folder of its user that nobody else may enter; a copied one may have lost both. */
async function takeOwnership({ folder, user }: Cluster): Promise<void> {
  if (process.platform === 'win32') return;
  const { uid, mode } = await stat(folder);
  if ((mode & 0o077) !== 0) await chmod(folder, 0o700);
  if (user === undefined || uid === user.uid) return;
  for (const path of await readdir(folder, { recursive: true })) {
    await lchown(join(folder, path), user.uid, user.gid);
  }
  // Last: half a change of owners is taken up again by the next start.
  await lchown(folder, user.uid, user.gid);
}
