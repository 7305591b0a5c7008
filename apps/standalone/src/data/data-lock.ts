import { access, constants, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { ArchiveError } from '@rootcellar/model';
import { errorCode } from '@rootcellar/platform';
import { onDisk } from '../disk-error.js';
import { readPrivateFile, writePrivateFile } from '../private-file.js';

/** The right to be the only Rootcellar on a data folder. */
export interface DataLock {
  release(): Promise<void>;
}

// https://www.sqlite.org/rescode.html: the low byte is the primary code.
const SQLITE_BUSY = 5;
const SQLITE_LOCKED = 6;

/** SQLite's own limit is 512 bytes, less room for the names of its journals. */
const LOCK_PATH_MAX_BYTES = 504;

/** Holds the connections: one that is collected as garbage would drop its lock. */
const held = new Set<DatabaseSync>();

/**
 * Locks `<folder>/lock` the way SQLite locks a database: the operating system drops the lock with the process, however
 * it ends, and nothing stale stays. Nobody may open that file by other means: closing a file drops every POSIX lock
 * the process has on it.
 * @throws ArchiveError DATA_IN_USE, DATA_UNUSABLE, STORAGE_FULL
 */
export async function takeDataLock(folder: string, pid: number): Promise<DataLock> {
  const path = join(folder, 'lock');
  const ownerPath = join(folder, 'lock-owner');
  if (Buffer.byteLength(path) > LOCK_PATH_MAX_BYTES) throw tooLong(folder);
  await onDisk(folder, () => checkWritable(folder, path));
  const database = lock(path);
  if (database === undefined) throw inUse(folder, await readOwner(ownerPath));

  held.add(database);
  const release = (): void => {
    if (held.delete(database)) database.close();
  };
  try {
    await onDisk(folder, () => writePrivateFile(ownerPath, `${pid}\n`));
  } catch (error) {
    release();
    throw error;
  }
  return {
    release: async () => {
      if (held.has(database)) await rm(ownerPath, { force: true });
      release();
    },
  };
}

/** SQLite does not say why it cannot open a file; asks without opening anything (see above). */
async function checkWritable(folder: string, path: string): Promise<void> {
  await access(folder, constants.R_OK | constants.W_OK | constants.X_OK);
  try {
    await access(path, constants.R_OK | constants.W_OK);
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') throw error;
  }
}

/** Undefined when somebody else holds it. */
function lock(path: string): DatabaseSync | undefined {
  let database: DatabaseSync | undefined;
  try {
    database = new DatabaseSync(path, { timeout: 0 });
    database.exec('PRAGMA locking_mode=EXCLUSIVE; PRAGMA journal_mode=MEMORY; BEGIN EXCLUSIVE');
    return database;
  } catch (error) {
    database?.close();
    if (errorCode(error) !== 'ERR_SQLITE_ERROR') throw error;
    if (isTaken(error)) return undefined;
    throw new ArchiveError(
      'DATA_UNUSABLE',
      `${path} cannot be locked, so nothing would keep two Rootcellars apart. Nothing was changed.`,
      {
        hint: 'Keep the data folder on a local disk. If it is on one, remove that file (it holds no data) and start again.',
        cause: error,
      },
    );
  }
}

function isTaken(error: unknown): boolean {
  const code =
    typeof error === 'object' && error !== null && 'errcode' in error ? error.errcode : undefined;
  return typeof code === 'number' && [SQLITE_BUSY, SQLITE_LOCKED].includes(code & 0xff);
}

async function readOwner(path: string): Promise<number | undefined> {
  try {
    const text = (await readPrivateFile(path)) ?? '';
    return /^[1-9]\d{0,9}\n$/.test(text) ? Number(text) : undefined;
  } catch (error) {
    // Another user's: then we do not know.
    if (['EACCES', 'EPERM'].includes(errorCode(error) ?? '')) return undefined;
    throw error;
  }
}

function tooLong(folder: string): ArchiveError {
  return new ArchiveError(
    'DATA_UNUSABLE',
    `The path of ${folder} is too long. Nothing was changed.`,
    {
      details: { folder },
      hint: `Choose a folder whose path has at most ${LOCK_PATH_MAX_BYTES - '/lock'.length} bytes: ROOTCELLAR_DATA=….`,
    },
  );
}

function inUse(folder: string, owner: number | undefined): ArchiveError {
  const who = owner === undefined ? 'Another Rootcellar' : `Another Rootcellar (process ${owner})`;
  return new ArchiveError('DATA_IN_USE', `${who} runs on ${folder}. Nothing was changed.`, {
    details: { folder, ...(owner === undefined ? {} : { pid: owner }) },
    hint: 'Use the one that runs, or stop it first, or start this one on another folder: ROOTCELLAR_DATA=….',
  });
}
