import { mkdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileRecords } from '@rootcellar/chunking';
import { parseUdid } from '@rootcellar/ios';
import { ArchiveError, isArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { Crew } from '../crew/crew.js';
import type { Service } from '../service.js';
import { toArchiveError } from '../service-error.js';
import type { Progress } from '../terminal/progress.js';
import { diskFailure } from './disk-failure.js';
import { FileWriter } from './file-writer.js';
import { localPath } from './local-path.js';
import { mergeInto } from './merge-into.js';
import { RestoreJournal } from './restore-journal.js';
import type { FolderTime, RestoreProgress, RestoreState } from './restore-journal.js';
import { loadSetModificationTime } from './set-modification-time.js';

export interface RestoreRequest {
  readonly snapshotId: string;
  readonly udid: string;
  /** Folder to restore into. */
  readonly to: string;
  /** A part of the backup, under its own names; the whole folder without it. */
  readonly part?: { readonly domain: string; readonly path?: string } | undefined;
}

export interface RestoreParts {
  readonly service: Service;
  readonly progress: Progress;
  readonly clock: Clock;
  readonly platform: NodeJS.Platform;
  readonly signal: AbortSignal;
}

export interface RestoreResult {
  readonly snapshotId: string;
  /** What was written: the backup folder, or the folder that was given. */
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
  readonly seconds: number;
}

/** Reading breaks off when the service restarts; each try goes on behind what is written. */
const TRIES_WITHOUT_ADVANCE = 5;
const PAUSE_MS = 1000;

/**
 * Gives a snapshot back. What is written becomes visible under its name when all of it is there; an interrupted restore of a whole snapshot
 * goes on where it stopped.
 * @throws ArchiveError RESTORE_TARGET_EXISTS, RESTORE_TARGET_FULL, RESTORE_TARGET_FAILED, CHUNK_DAMAGED, NOT_FOUND …
 */
export async function restoreSnapshot(
  parts: RestoreParts,
  request: RestoreRequest,
): Promise<RestoreResult> {
  const startedAt = parts.clock.monotonicMs();
  const crew = new Crew();
  try {
    const { path, files, bytes } =
      request.part === undefined
        ? await restoreWhole(parts, crew, request)
        : await restorePart(parts, crew, request);
    const seconds = Math.round(parts.clock.monotonicMs() - startedAt) / 1000;
    return { snapshotId: request.snapshotId, path, files, bytes, seconds };
  } catch (error) {
    throw diskFailure(error);
  } finally {
    await crew.close();
  }
}

/**
 * Writes a file stream of the service into a folder that is nobody's yet; not gone on with when it breaks off.
 * @throws ArchiveError as `restoreSnapshot`
 */
export async function receiveFiles(
  parts: RestoreParts,
  stream: string,
  folder: string,
): Promise<{ readonly files: number; readonly bytes: number }> {
  const crew = new Crew();
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return await new Filler(parts, crew, {
      ...{ staging: folder, journal: undefined, state: undefined },
    }).fill(stream);
  } catch (error) {
    throw diskFailure(error);
  } finally {
    await crew.close();
  }
}

interface Written {
  readonly path: string;
  readonly files: number;
  readonly bytes: number;
}

async function restoreWhole(
  parts: RestoreParts,
  crew: Crew,
  request: RestoreRequest,
): Promise<Written> {
  const { snapshotId, to } = request;
  const udid = parseUdid(request.udid)?.udid;
  if (udid === undefined)
    throw new ArchiveError(
      'PROTOCOL_BROKEN',
      'The service named a device by something that is no UDID.',
    );
  const target = join(to, udid);
  if ((await stat(target).catch(() => undefined)) !== undefined) {
    throw new ArchiveError(
      'RESTORE_TARGET_EXISTS',
      'The target folder holds a backup of this device already; it was not touched.',
      {
        hint: 'Restore into another folder.',
      },
    );
  }
  await mkdir(to, { recursive: true });
  const staging = join(to, `.${udid}.${snapshotId}.partial`);
  const journalPath = `${staging}.journal`;
  const left = await RestoreJournal.read(journalPath, snapshotId, parts.clock.now());
  if (left === undefined) await rm(staging, { recursive: true, force: true });
  else parts.progress.note('Going on with a restore that was interrupted.');
  await mkdir(staging, { recursive: true, mode: 0o700 });
  const journal = RestoreJournal.open(journalPath, snapshotId, {
    continued: left !== undefined,
    now: parts.clock.now(),
  });
  try {
    const filler = new Filler(parts, crew, { staging, journal, state: left });
    const { files, bytes } = await filler.fill(`/api/v1/snapshots/${snapshotId}/stream`);
    await rename(staging, target);
    journal.remove();
    return { path: target, files, bytes };
  } finally {
    journal.close();
  }
}

async function restorePart(
  parts: RestoreParts,
  crew: Crew,
  request: RestoreRequest,
): Promise<Written> {
  const { snapshotId, to, part } = request;
  await mkdir(to, { recursive: true });
  const staging = join(to, `.rootcellar.${snapshotId}.partial`);
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { mode: 0o700 });
  try {
    const query = new URLSearchParams({
      domain: part?.domain ?? '',
      ...(part?.path === undefined ? {} : { path: part.path }),
    });
    const filler = new Filler(parts, crew, { staging, journal: undefined, state: undefined });
    const { files, bytes } = await filler.fill(
      `/api/v1/snapshots/${snapshotId}/stream?${query.toString()}`,
    );
    await mergeInto(staging, to);
    return { path: to, files, bytes };
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

interface FillerTarget {
  readonly staging: string;
  readonly journal: RestoreJournal | undefined;
  readonly state: RestoreState | undefined;
}

/** Fills a folder from a file stream, beginning again behind what is written when the stream breaks off. */
class Filler {
  readonly #parts: RestoreParts;
  readonly #crew: Crew;
  readonly #target: FillerTarget;
  readonly #folders: FolderTime[];
  #written: RestoreProgress | undefined;

  constructor(parts: RestoreParts, crew: Crew, target: FillerTarget) {
    this.#parts = parts;
    this.#crew = crew;
    this.#target = target;
    this.#folders = [...(target.state?.folders ?? [])];
    this.#written = target.state?.written;
    if (this.#written !== undefined) parts.progress.add(this.#written);
  }

  async fill(path: string): Promise<{ readonly files: number; readonly bytes: number }> {
    const setModificationTime = await loadSetModificationTime(this.#parts.platform);
    for (let tries = 0; ; tries += 1) {
      const before = this.#written;
      try {
        await this.#run(path, setModificationTime);
        break;
      } catch (cause) {
        const error = toArchiveError(cause, this.#parts.signal);
        if (this.#written !== before) tries = 0;
        // Only a whole restore knows where to go on.
        const goesOn =
          this.#target.journal !== undefined && tries < TRIES_WITHOUT_ADVANCE && isBrokenOff(error);
        if (!goesOn) throw error;
        this.#parts.progress.note('The connection broke off; going on …');
        await sleep(PAUSE_MS * tries, undefined, { signal: this.#parts.signal });
      }
    }
    // From the inside out: setting a folder's time must come after everything below it.
    for (const { path: folder, mtimeNs } of this.#folders.toReversed()) {
      setModificationTime(localPath(this.#target.staging, folder, this.#parts.platform), mtimeNs);
    }
    return this.#written ?? { files: 0, bytes: 0 };
  }

  async #run(
    path: string,
    setModificationTime: (path: string, mtimeNs: bigint) => void,
  ): Promise<void> {
    const { service, platform, progress } = this.#parts;
    const after =
      this.#written === undefined
        ? ''
        : `${path.includes('?') ? '&' : '?'}after=${encodeURIComponent(this.#written.after)}`;
    const { body } = await service.receive(path + after);
    const writer = new FileWriter({
      ...{ crew: this.#crew, root: this.#target.staging, platform, setModificationTime },
      onDone: (after, more) => {
        const { files, bytes } = this.#written ?? { files: 0, bytes: 0 };
        this.#written = { after, files: files + more.files, bytes: bytes + more.bytes };
        this.#target.journal?.written(this.#written);
        progress.add({ files: more.files, bytes: 0 });
      },
      onFolder: (folder) => {
        this.#folders.push(folder);
        this.#target.journal?.folder(folder);
      },
      onWritten: (bytes) => progress.add({ files: 0, bytes }),
    });
    try {
      for await (const record of readFileRecords(body)) {
        this.#parts.signal.throwIfAborted();
        if (record.record === 'entry') writer.begin(record);
        else if (record.record === 'chunk') await writer.chunk(record);
      }
    } finally {
      body.destroy();
      // What came in is written whatever happens: the next try goes on behind it.
      await writer.finish();
    }
  }
}

function isBrokenOff(error: unknown): boolean {
  return isArchiveError(
    error,
    'SERVER_UNREACHABLE',
    'SERVER_BUSY',
    'PROTOCOL_BROKEN',
    'DATABASE_FAILED',
    'OBJECT_STORE_UNAVAILABLE',
  );
}
