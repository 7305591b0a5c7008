import { ArchiveError } from '@rootcellar/model';
import type { ObjectKey } from './object-key.js';
import type { ByteRange } from './object-store.js';

/** OBJECT_NOT_FOUND */
export function objectNotFound(key: ObjectKey, cause?: unknown): ArchiveError {
  return new ArchiveError('OBJECT_NOT_FOUND', 'The object store has no such object.', {
    details: { key },
    cause,
  });
}

/** OBJECT_RANGE_INVALID */
export function rangeInvalid(key: ObjectKey, range: ByteRange): ArchiveError {
  return new ArchiveError(
    'OBJECT_RANGE_INVALID',
    'An object is shorter than the bytes asked for; it was damaged or something else was meant.',
    { details: { key, offset: range.offset, length: range.length } },
  );
}

/** Ranges come out of indexes and manifests: those that are no ranges are refused before anything is allocated. */
export function assertRange(key: ObjectKey, range: ByteRange): void {
  const { offset, length } = range;
  const possible = Number.isSafeInteger(offset) && Number.isSafeInteger(length);
  if (!possible || offset < 0 || length < 0 || !Number.isSafeInteger(offset + length)) {
    throw rangeInvalid(key, range);
  }
}
