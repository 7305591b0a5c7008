import { isArchiveError } from '@rootcellar/model';
import type { ManifestRow } from './manifest-row.js';
import { parseManifestBlob } from './parse-manifest-blob.js';

/** What Manifest.db says about one payload. Both are absent where the row does not tell. */
export interface ExpectedPayload {
  /** SHA-1 of the payload as it lies on disk, 20 bytes; only files of system domains have one. */
  readonly digest?: Uint8Array | undefined;
  /** Bytes of the plain file: the payload's size, unless the backup is encrypted. */
  readonly size?: number | undefined;
}

export interface ManifestJoinResult {
  /** Rows of type `file`: the payloads there should be. */
  readonly files: number;
  /** How many of them are not there. */
  readonly missing: number;
  /** The fileIDs of the first of them. */
  readonly firstMissing: readonly string[];
  /** Payloads that no row of type `file` lists. */
  readonly unlisted: number;
  /** Rows of type `file` whose blob cannot be parsed, among the payloads that are there. */
  readonly unreadable: number;
}

/** Compares the payloads of a folder with the rows of its manifest. Both come in ascending order of fileID. */
export interface ManifestJoin {
  /**
   * Says that the payload `fileId` is there, and hears what is expected of it; `undefined` when no row lists it.
   *
   * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE as the rows are read
   */
  expect(fileId: string): ExpectedPayload | undefined;
  /** Says that there are no more payloads. */
  finish(): ManifestJoinResult;
}

/**
 * A merge join in constant memory: the caller walks the folder, the join walks the rows along. Folders, links and
 * unknown kinds have no payload, so nothing of theirs is missing.
 *
 * @param rows what `Manifest.files()` yields
 * @param keepMissing how many missing fileIDs to name
 */
export function createManifestJoin(rows: Iterable<ManifestRow>, keepMissing = 10): ManifestJoin {
  const iterator = rows[Symbol.iterator]();
  const counts = { files: 0, missing: 0, unlisted: 0, unreadable: 0 };
  const firstMissing: string[] = [];
  let row: ManifestRow | undefined;
  let last = '';

  const advance = (): void => {
    const step = iterator.next();
    row = step.done === true ? undefined : step.value;
    if (row?.type === 'file') counts.files += 1;
  };
  const skip = ({ type, fileId }: ManifestRow): void => {
    if (type === 'file') {
      counts.missing += 1;
      if (firstMissing.length < keepMissing) firstMissing.push(fileId);
    }
    advance();
  };
  advance();

  return {
    expect: (fileId) => {
      if (fileId <= last) throw new RangeError('Payloads must come in ascending order of fileID.');
      last = fileId;
      while (row !== undefined && row.fileId < fileId) skip(row);
      const match = row;
      if (match?.fileId !== fileId || match.type !== 'file') {
        counts.unlisted += 1;
        return undefined;
      }
      advance();
      const expected = expectedOf(match);
      if (expected === undefined) counts.unreadable += 1;
      return expected ?? {};
    },
    finish: () => {
      while (row !== undefined) skip(row);
      return { ...counts, firstMissing };
    },
  };
}

function expectedOf({ blob }: ManifestRow): ExpectedPayload | undefined {
  if (blob === undefined) return undefined;
  try {
    const { digest, size } = parseManifestBlob(blob);
    return { digest, size };
  } catch (error) {
    if (isArchiveError(error, 'PLIST_INVALID')) return undefined;
    throw error;
  }
}
