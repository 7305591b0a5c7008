import { ArchiveError, isArchiveError } from '@rootcellar/model';
import { systemErrorCode } from '../error-code.js';

const FULL = new Set(['ENOSPC', 'EDQUOT']);
const REFUSING = new Set([
  'EACCES',
  // A file stands where a folder is to be.
  'EEXIST',
  'EPERM',
  'EROFS',
  'ENOTDIR',
  'ENOENT',
  'EISDIR',
  'ENAMETOOLONG',
  'EINVAL',
  'EIO',
]);

/** Turns what the file system says into our words; anything else stays as it is. */
export function diskFailure(error: unknown): unknown {
  const code = systemErrorCode(error);
  if (code === undefined || isArchiveError(error)) return error;
  if (FULL.has(code)) {
    return new ArchiveError(
      'RESTORE_TARGET_FULL',
      'The disk has no room for what is to be written.',
      {
        cause: error,
        hint: 'Make room and run the command again: it goes on where it stopped.',
      },
    );
  }
  if (!REFUSING.has(code)) return error;
  return new ArchiveError('RESTORE_TARGET_FAILED', `The target cannot be written (${code}).`, {
    cause: error,
    hint: 'Choose a folder you may write to.',
  });
}
