import { join } from 'node:path';
import { createManifestJoin, openManifest } from '@rootcellar/ios';
import type { ManifestJoin } from '@rootcellar/ios';
import { ArchiveError } from '@rootcellar/model';
import type { PushMemory } from './push-memory.js';
import { sight, walkFolder } from './walk-folder.js';
import type { Sighting } from './walk-folder.js';

/** What looking through a folder found, before anything is read. */
export interface Scan {
  readonly files: number;
  readonly bytes: number;
  /** Payloads that Manifest.db lists and the folder lacks. */
  readonly missingFiles: number;
  readonly firstMissing: readonly string[];
}

/** Files a turn of the event loop looks at, so that Ctrl-C and progress come through. */
const BATCH = 1000;
const PAYLOAD = /^([0-9a-f]{2})\/(\1[0-9a-f]{38})$/;

export interface ScanParts {
  readonly folder: string;
  /** Manifest.db can be opened: the backup is not encrypted. */
  readonly manifestReadable: boolean;
  readonly memory: PushMemory;
  readonly signal: AbortSignal;
}

/**
 * Notes every file and folder of a backup, with the digest Manifest.db gives for it. Bytes are not read here.
 * @throws ArchiveError BACKUP_PATH_UNSAFE, BACKUP_CHANGING, BACKUP_MANIFEST_DAMAGED
 */
export async function scanBackup(parts: ScanParts): Promise<Scan> {
  using manifest = parts.manifestReadable
    ? await openManifest(join(parts.folder, 'Manifest.db'))
    : undefined;
  const listed = manifest === undefined ? undefined : createManifestJoin(manifest.files());
  for (const batch of inBatches(walkFolder(parts.folder))) {
    parts.memory.batch(() => {
      for (const found of batch) parts.memory.see(found, expectedDigest(listed, found));
    });
    await new Promise(setImmediate);
    parts.signal.throwIfAborted();
  }
  const joined = listed?.finish();
  return {
    ...parts.memory.totals(),
    missingFiles: joined?.missing ?? 0,
    firstMissing: joined?.firstMissing ?? [],
  };
}

/** @throws ArchiveError BACKUP_CHANGING when the folder is not as the scan found it: files came, went or were rewritten */
export function assertUnchanged(folder: string, memory: PushMemory): void {
  for (const page of memory.all()) {
    for (const file of page) {
      // A folder's time changes with what is in it; files were checked as they were read.
      if (file.type === 'file' && file.path.includes('/')) continue;
      const now = sight(folder, file.path);
      if (now.mtimeNs !== file.mtimeNs || now.size !== file.size) {
        throw new ArchiveError(
          'BACKUP_CHANGING',
          'The backup changed while it was read; nothing was recorded.',
          {
            hint: 'Wait until the backup is finished and push again: what was sent is not sent twice.',
          },
        );
      }
    }
  }
}

function expectedDigest(listed: ManifestJoin | undefined, found: Sighting): Uint8Array | undefined {
  const fileId = PAYLOAD.exec(found.path)?.[2];
  if (listed === undefined || fileId === undefined || found.type !== 'file') return undefined;
  return listed.expect(fileId)?.digest;
}

function* inBatches(all: Iterable<Sighting>): Generator<Sighting[]> {
  let batch: Sighting[] = [];
  for (const found of all) {
    batch.push(found);
    if (batch.length === BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}
