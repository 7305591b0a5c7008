import { ArchiveError, PATH_MAX_BYTES } from '@rootcellar/model';
import type { ErrorDetails } from '@rootcellar/model';
import type { SQLOutputValue } from 'node:sqlite';
import { isFileId } from './file-id.js';
import { manifestDamaged } from './manifest-errors.js';

/** What a row stands for. `other` is a kind of a later iOS: it is kept, and nothing is expected of it. */
export type ManifestRowType = 'file' | 'folder' | 'link' | 'other';

/** One row of the table `Files`. Its blob is parsed by `parseManifestBlob`, when somebody asks. */
export interface ManifestRow {
  /** 40 lower-case hex digits; only rows of type `file` have a payload of this name. */
  readonly fileId: string;
  /** `HomeDomain`, `AppDomain-<bundle id>`, …: one part of a path, never empty. */
  readonly domain: string;
  /** Relative, `/` between the parts, never leading outside; empty for the domain's own folder. */
  readonly relativePath: string;
  readonly type: ManifestRowType;
  readonly blob: Uint8Array | undefined;
}

/** The columns every query selects, in this order. */
export const ROW_COLUMNS = 'fileID, domain, relativePath, flags, file';

/** `flags` of the devices, by what they mean. */
const TYPES: ReadonlyMap<SQLOutputValue, ManifestRowType> = new Map([
  [1, 'file'],
  [2, 'folder'],
  [4, 'link'],
]);

/**
 * @param values the {@link ROW_COLUMNS} of one row
 * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE
 */
export function manifestRow(values: readonly SQLOutputValue[]): ManifestRow {
  const [fileId, domain, relativePath, flags, blob] = values;
  if (typeof fileId !== 'string' || !isFileId(fileId))
    throw manifestDamaged('has a row whose fileID is none');
  if (typeof domain !== 'string' || typeof relativePath !== 'string' || typeof flags !== 'number')
    throw manifestDamaged('has a row of another form', { fileId });
  if (!isSafeDomain(domain) || !isSafePath(relativePath)) throw pathUnsafe({ fileId });
  return {
    fileId,
    domain,
    relativePath,
    type: TYPES.get(flags) ?? 'other',
    blob: blob instanceof Uint8Array ? blob : undefined,
  };
}

/** @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE */
export function safeDomain(value: SQLOutputValue | undefined): string {
  if (typeof value !== 'string') throw manifestDamaged('has a row of another form');
  if (!isSafeDomain(value)) throw pathUnsafe({});
  return value;
}

function isSafeDomain(domain: string): boolean {
  return domain !== '' && !domain.includes('/') && isSafePath(domain);
}

/**
 * A backslash is a character like any other to the device, so it is kept; whoever writes files on Windows must
 * replace it there. Doubled slashes occur and lead nowhere.
 */
function isSafePath(path: string): boolean {
  if (path.startsWith('/') || path.includes('\0')) return false;
  // Cheap first: characters are at most 3 bytes each in UTF-8.
  if (path.length * 3 > PATH_MAX_BYTES && Buffer.byteLength(path) > PATH_MAX_BYTES) return false;
  if (!path.includes('.')) return true;
  return path.split('/').every((part) => part !== '.' && part !== '..');
}

function pathUnsafe(details: ErrorDetails): ArchiveError {
  return new ArchiveError(
    'BACKUP_PATH_UNSAFE',
    'Manifest.db lists a file whose path leads outside of the backup. No device writes such a path; nothing was taken.',
    { details },
  );
}
