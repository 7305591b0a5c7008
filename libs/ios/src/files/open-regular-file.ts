import { ArchiveError } from '@rootcellar/model';
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { errorCode } from './error-code.js';

/** Not defined on Windows, where `lstat` alone has to do. */
const NO_FOLLOW = (constants.O_NOFOLLOW as number | undefined) ?? 0;
const NO_BLOCK = (constants.O_NONBLOCK as number | undefined) ?? 0;

export interface RegularFile extends AsyncDisposable {
  readonly handle: FileHandle;
  readonly bytes: number;
}

/**
 * Opens a file of a backup for reading; `undefined` when there is none. Links lead elsewhere and a pipe would hang:
 * both are refused.
 *
 * @throws ArchiveError BACKUP_PATH_UNSAFE, BACKUP_NOT_FOUND when the disk refuses
 */
export async function openRegularFile(path: string): Promise<RegularFile | undefined> {
  return onDisk(async () => {
    if (!(await lstat(path)).isFile()) throw notRegular();
    const handle = await open(path, constants.O_RDONLY | NO_FOLLOW | NO_BLOCK);
    try {
      const stats = await handle.stat();
      if (!stats.isFile()) throw notRegular();
      return { handle, bytes: stats.size, [Symbol.asyncDispose]: () => handle.close() };
    } catch (error) {
      await handle.close();
      throw error;
    }
  });
}

/**
 * Runs `work` on the disk; `undefined` when what it looks for is not there.
 *
 * @throws ArchiveError BACKUP_NOT_FOUND when the disk refuses
 */
export async function onDisk<T>(work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    const code = systemErrorOf(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    if (code === 'ELOOP') throw notRegular();
    throw code === undefined ? error : unreadable(code, error);
  }
}

/** The code of what the system refused: `EACCES`, `EIO`; Node's own have longer names. */
function systemErrorOf(error: unknown): string | undefined {
  const code = errorCode(error);
  return code !== undefined && /^E[A-Z0-9]+$/.test(code) ? code : undefined;
}

function notRegular(): ArchiveError {
  return new ArchiveError(
    'BACKUP_PATH_UNSAFE',
    'Where the backup should have a file it has a link or a special file. Nothing was read from it.',
  );
}

function unreadable(code: string, cause: unknown): ArchiveError {
  const hint =
    code === 'EPERM' || code === 'EACCES'
      ? 'Allow this program to read the folder; on macOS give it Full Disk Access in System Settings.'
      : 'Check that the disk is connected and healthy, then run the command again.';
  return new ArchiveError(
    'BACKUP_NOT_FOUND',
    `The backup cannot be read (${code}). Nothing was changed.`,
    {
      cause,
      hint,
    },
  );
}
