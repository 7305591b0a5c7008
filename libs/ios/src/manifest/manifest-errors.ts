import { ArchiveError } from '@rootcellar/model';
import type { ErrorDetails } from '@rootcellar/model';
import { errorCode } from '../files/error-code.js';

const HINT = 'Make the backup again, or copy it again from where it is whole.';

/** @param why half a sentence, e.g. "is cut off"; never a name or path of the backup. */
export function manifestDamaged(why: string, details: ErrorDetails = {}): ArchiveError {
  return new ArchiveError(
    'BACKUP_MANIFEST_DAMAGED',
    `Manifest.db ${why}. Without it nobody can say which files the backup holds. Nothing was changed.`,
    { details, hint: HINT },
  );
}

/**
 * Runs `work` on the database and says what SQLite's own errors mean: the file is not what it claims to be.
 *
 * @throws ArchiveError BACKUP_MANIFEST_DAMAGED
 */
export function readingManifest<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asManifestError(error);
  }
}

/** What `error`, thrown while the database was read, is to the user. SQLite's messages may quote the file: dropped. */
export function asManifestError(error: unknown): unknown {
  switch (errorCode(error)) {
    case 'ERR_SQLITE_ERROR':
      return manifestDamaged('is no database that can be read');
    // node:sqlite refuses whole numbers that are not exact.
    case 'ERR_OUT_OF_RANGE':
      return manifestDamaged('holds a number no backup has');
    default:
      return error;
  }
}
