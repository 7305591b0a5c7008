import { ArchiveError } from '@rootcellar/model';
import { errorCode } from '@rootcellar/platform';

const UNUSABLE: Readonly<Record<string, string>> = {
  EACCES: 'this user has no permission for it',
  EPERM: 'this user has no permission for it',
  EROFS: 'it lies on a read-only file system',
  EIO: 'the disk reports errors',
  EEXIST: 'something that is no folder is in the way',
  ENOTDIR: 'something that is no folder is in the way',
  EISDIR: 'a folder is in the way of a file',
  ENOENT: 'a folder it lies in is gone',
  ELOOP: 'its symbolic links run in a circle',
  ENAMETOOLONG: 'its path is too long for this system',
  EBUSY: 'another program holds it',
};

/**
 * Runs what touches the data folder, and says which folder when the disk refuses.
 * @throws ArchiveError DATA_UNUSABLE, STORAGE_FULL
 */
export async function onDisk<T>(folder: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw diskError(error, folder);
  }
}

/** The ArchiveError for an error of the file system; anything else comes back as it is. */
export function diskError(error: unknown, folder: string): unknown {
  const code = errorCode(error) ?? '';
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new ArchiveError(
      'STORAGE_FULL',
      `The disk of ${folder} has no room. Nothing was lost.`,
      {
        details: { folder, reason: code },
        hint: 'Make room on that disk and start again.',
        cause: error,
      },
    );
  }
  const reason = UNUSABLE[code];
  if (reason === undefined) return error;
  return new ArchiveError(
    'DATA_UNUSABLE',
    `${folder} cannot be used: ${reason} (${code}). Nothing in it was changed.`,
    {
      details: { folder, reason: code },
      hint: 'Give this user the folder, or choose another one with ROOTCELLAR_DATA=….',
      cause: error,
    },
  );
}
