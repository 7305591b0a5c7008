import { ArchiveError } from '@rootcellar/model';
import type { ObjectKey } from '../object-key.js';

/** No room on the disk, or in somebody's share of it. */
const FULL: ReadonlySet<string> = new Set(['ENOSPC', 'EDQUOT']);
/** Nothing of that name, or a file where a folder would have to be. */
const MISSING: ReadonlySet<string> = new Set(['ENOENT', 'ENOTDIR']);

/** The code of an operating system's error, `ENOENT`; undefined for every other. */
export function errnoOf(error: unknown): string | undefined {
  // By shape: in another realm (a Jest run, a `vm` context) it is no instance of our Error.
  if (typeof error !== 'object' || error === null) return undefined;
  const isSystemError = 'syscall' in error && 'code' in error && typeof error.code === 'string';
  return isSystemError ? (error.code as string) : undefined;
}

export function isMissing(error: unknown): boolean {
  return MISSING.has(errnoOf(error) ?? '');
}

/** What the port calls an operating system's error. Everything else (an abort's reason, a bug) stays what it is. */
export function asStoreError(error: unknown, key?: ObjectKey): unknown {
  if (!FULL.has(errnoOf(error) ?? '')) return asUnavailable(error, key);
  return new ArchiveError(
    'STORAGE_FULL',
    'The disk of the object store has no room left. Nothing was written; what was stored before stays readable.',
    {
      hint: 'Make room on the disk of the data folder, then try again.',
      details: key === undefined ? {} : { key },
      cause: error,
    },
  );
}

/** The same where the disk cannot have been too full. */
export function asUnavailable(error: unknown, key?: ObjectKey): unknown {
  const errno = errnoOf(error);
  if (errno === undefined) return error;
  return new ArchiveError(
    'OBJECT_STORE_UNAVAILABLE',
    `The folder of the object store cannot be used (${errno}). What was stored before is not touched.`,
    {
      hint: 'See whether the disk is there and the service may read and write it.',
      details: key === undefined ? { errno } : { errno, key },
      cause: error,
    },
  );
}
