import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';
import { BATCH_MAX_BYTES, BATCH_MAX_CHUNKS, packRefs } from '../crew/batch.js';
import type { FileToCut } from '../crew/cut-files.js';
import type { PushMemory, RememberedFile } from './push-memory.js';
import { sendLargeFile } from './send-file.js';
import type { SendParts } from './send-file.js';
import { sight } from './walk-folder.js';

export interface SendUnreadParts extends SendParts {
  readonly folder: string;
  readonly memory: PushMemory;
  readonly signal: AbortSignal;
  readonly onFiles: (files: number) => void;
}

/** A file that does not hold still is read this often. */
const ATTEMPTS = 3;
/** Each file is a chunk at least. */
const BATCH_FILES = BATCH_MAX_CHUNKS / 2;

interface Reading {
  readonly file: RememberedFile;
  readonly attempt: number;
}

/**
 * Reads and ships every file of the run whose chunks are not known, small ones together.
 * @throws ArchiveError BACKUP_CHANGING when a file does not hold still, and what sending throws
 */
export async function sendUnread(parts: SendUnreadParts): Promise<void> {
  for (const group of groupsOf(parts.memory)) {
    let readings: Reading[] = group.map((file) => ({ file, attempt: 1 }));
    while (readings.length > 0) {
      parts.signal.throwIfAborted();
      const changed = await sendGroup(parts, readings);
      readings = changed.map(({ file, attempt }) => again(parts.folder, file, attempt));
    }
  }
  await parts.backlog.drain();
}

/** @returns the files that changed while they were read */
async function sendGroup(
  parts: SendUnreadParts,
  readings: readonly Reading[],
): Promise<readonly Reading[]> {
  const small = readings.filter(({ file }) => file.size <= BATCH_MAX_BYTES);
  const large = readings.filter(({ file }) => file.size > BATCH_MAX_BYTES);
  const changed = small.length === 0 ? [] : await sendSmall(parts, small);
  for (const reading of large) {
    if (!(await sendLarge(parts, reading.file))) changed.push(reading);
  }
  return changed;
}

async function sendSmall(parts: SendUnreadParts, readings: readonly Reading[]): Promise<Reading[]> {
  const { crew, seed } = parts;
  parts.backlog.throwIfFailed();
  const slab = await parts.slabs.take();
  const { memory } = slab;
  const files = readings.map(({ file }) => toCut(parts.folder, file));
  const { outcomes, ...cut } = await crew.run('cutFiles', { memory, seed, files });
  const batch = { ...cut, memory };
  const sent = readings.flatMap(({ file }, index) => {
    const outcome = outcomes[index];
    if (outcome?.status !== 'ok') return [];
    return [{ file, refs: packRefs(batch, index), damaged: differs(outcome.sha1, file.digest) }];
  });
  const ship = async (): Promise<void> => {
    try {
      if (batch.chunks.length > 0) await parts.shipper.ship(batch);
    } finally {
      slab.giveBack();
    }
    parts.memory.batch(() => {
      for (const { file, refs, damaged } of sent) parts.memory.learn(file, refs, damaged);
    });
    parts.onSent(sent.reduce((sum, { file }) => sum + file.size, 0));
    parts.onFiles(sent.length);
  };
  parts.backlog.start(ship());
  return readings.filter((_, index) => outcomes[index]?.status !== 'ok');
}

async function sendLarge(parts: SendUnreadParts, file: RememberedFile): Promise<boolean> {
  const cuttable = toCut(parts.folder, file);
  const sent = await sendLargeFile(parts, cuttable);
  if (sent === undefined) return false;
  let damaged = false;
  if (file.digest !== undefined) {
    const sha1 = await parts.crew.run('hashFile', { file: cuttable, algorithm: 'sha1' });
    if (sha1 === undefined) return false;
    damaged = differs(sha1, file.digest);
  }
  const learn = async (): Promise<void> => {
    await sent.durable;
    parts.memory.learn(file, sent.refs, damaged);
    parts.onFiles(1);
  };
  parts.backlog.start(learn());
  return true;
}

/** The file as it stands now, to be read once more. */
function again(folder: string, file: RememberedFile, attempt: number): Reading {
  if (attempt >= ATTEMPTS) {
    throw new ArchiveError(
      'BACKUP_CHANGING',
      `A file changed each of the ${String(ATTEMPTS)} times it was read; nothing was recorded.`,
      {
        hint: 'Wait until the backup is finished and push again: what was sent is not sent twice.',
      },
    );
  }
  return { file: { ...file, ...sight(folder, file.path) }, attempt: attempt + 1 };
}

function toCut(folder: string, file: RememberedFile): FileToCut {
  const { path, size, mtimeNs, inode, digest } = file;
  return { source: join(folder, path), size, mtimeNs, inode, wantSha1: digest !== undefined };
}

function differs(sha1: Uint8Array | undefined, digest: Uint8Array | undefined): boolean {
  return digest !== undefined && sha1 !== undefined && !Buffer.from(digest).equals(sha1);
}

/** Files in path order: small ones up to a batch, a large one alone. */
function* groupsOf(memory: PushMemory): Generator<RememberedFile[]> {
  let group: RememberedFile[] = [];
  let bytes = 0;
  for (const page of memory.unread()) {
    for (const file of page) {
      if (
        group.length > 0 &&
        (bytes + file.size > BATCH_MAX_BYTES || group.length === BATCH_FILES)
      ) {
        yield group;
        group = [];
        bytes = 0;
      }
      group.push(file);
      bytes += file.size;
    }
  }
  if (group.length > 0) yield group;
}
