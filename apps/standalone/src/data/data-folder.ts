import { mkdir, realpath, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { errorCode } from '@rootcellar/platform';
import { onDisk } from '../disk-error.js';
import type { StartLog } from '../start-log.js';
import { takeDataLock } from './data-lock.js';
import { createMasterKey, masterKeyMissing, readMasterKey } from './master-key.js';
import { networkFileSystem } from './network-file-system.js';
import { setupTokenFile } from './setup-token.js';
import type { SetupToken } from './setup-token.js';

/** The data folder, ours alone until `close()` or the end of the process. */
export interface DataFolder {
  /** Absolute, symbolic links resolved. */
  readonly path: string;
  /** Where the embedded PostgreSQL keeps its cluster. */
  readonly postgres: string;
  readonly masterKey: Uint8Array;
  readonly setupToken: SetupToken;
  close(): Promise<void>;
}

export interface DataFolderOptions {
  readonly log: StartLog;
  /** ROOTCELLAR_MASTER_KEY_FILE; without it `<data>/master-key`, which is made at the first start. */
  readonly masterKeyFile?: string | undefined;
  /** Of the owner, told to whoever comes second. */
  readonly pid?: number;
}

/**
 * Makes the data folder when there is none, locks it and reads its secrets.
 * @throws ArchiveError DATA_IN_USE, DATA_UNUSABLE, STORAGE_FULL, CONFIG_INVALID
 */
export async function openDataFolder(
  folder: string,
  options: DataFolderOptions,
): Promise<DataFolder> {
  const path = await onDisk(resolve(folder), () => provideFolder(resolve(folder)));
  const lock = await takeDataLock(path, options.pid ?? process.pid);
  try {
    const network = await networkFileSystem(path);
    if (network !== undefined) {
      options.log.warn(
        `${path} lies on a network file system (${network}). A database needs a local disk to be safe.`,
      );
    }
    const postgres = join(path, 'postgres');
    const masterKey = await provideMasterKey(path, postgres, options.masterKeyFile);
    const setupToken = setupTokenFile(join(path, 'setup-token'));
    return {
      path,
      postgres,
      masterKey,
      setupToken: {
        read: () => onDisk(path, () => setupToken.read()),
        create: () => onDisk(path, () => setupToken.create()),
        remove: () => onDisk(path, () => setupToken.remove()),
      },
      close: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

async function provideFolder(path: string): Promise<string> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  return realpath(path);
}

async function provideMasterKey(
  data: string,
  postgres: string,
  elsewhere: string | undefined,
): Promise<Uint8Array> {
  const path = elsewhere === undefined ? join(data, 'master-key') : resolve(elsewhere);
  const key = await onDisk(path, () => readMasterKey(path));
  if (key !== undefined) return key;
  if (elsewhere !== undefined) {
    throw masterKeyMissing(
      path,
      `Check ROOTCELLAR_MASTER_KEY_FILE. For a new archive make the file: openssl rand -hex 32 > ${path}`,
    );
  }
  if (await onDisk(postgres, () => exists(postgres))) {
    throw masterKeyMissing(
      path,
      'Put your copy of it back, or say where it is: ROOTCELLAR_MASTER_KEY_FILE=….',
    );
  }
  return onDisk(data, () => createMasterKey(path));
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
