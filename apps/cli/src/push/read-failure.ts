import { ArchiveError, isArchiveError } from '@rootcellar/model';
import { systemErrorCode } from '../error-code.js';

const VANISHED = new Set(['ENOENT', 'ENOTDIR', 'ESTALE']);
const DENIED = new Set(['EACCES', 'EPERM']);
const FAILED = new Set(['EIO', 'ENXIO', 'ENODEV', 'EBUSY', 'EMFILE', 'ENFILE']);

/** Turns what the file system says of a backup that is read into our words; anything else stays as it is. */
export function readFailure(error: unknown): unknown {
  const code = systemErrorCode(error);
  if (code === undefined || isArchiveError(error)) return error;
  if (VANISHED.has(code)) {
    return new ArchiveError(
      'BACKUP_CHANGING',
      'A file vanished while the backup was read; nothing was recorded.',
      { cause: error, hint: 'Wait until the backup is finished and push again.' },
    );
  }
  if (code === 'ENAMETOOLONG') return unsafe('a path that is too long');
  if (!DENIED.has(code) && !FAILED.has(code)) return error;
  return new ArchiveError(
    'BACKUP_NOT_FOUND',
    `A part of the backup cannot be read (${code}). Nothing was recorded.`,
    {
      cause: error,
      hint: DENIED.has(code)
        ? 'Allow this program to read the folder; on macOS give it Full Disk Access in System Settings.'
        : 'Check that the disk is connected and healthy, then run the command again.',
    },
  );
}

/** @param what the folder holds */
export function unsafe(what: string): ArchiveError {
  return new ArchiveError(
    'BACKUP_PATH_UNSAFE',
    `The backup folder holds ${what}; nothing was recorded.`,
    { hint: 'A backup consists of plain files and folders. Take it out and push again.' },
  );
}
