import { randomUUID } from 'node:crypto';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import type { FileCalls } from './file-calls.js';
import { factsOf } from './file-facts.js';
import { errnoOf } from './fs-errors.js';

/**
 * One system call at most so much. Linux (6.x, ext4) makes the page cache of a write in pieces as large as the write, and large pieces of
 * free memory are the ones that are slow to get: 1.6 GB in writes of 64 to 512 KiB take 0.5 s of processor time here, of 1 MiB 1.0 to 1.3 s, of
 * 4 MiB 1.4 to 4 s.
 */
const BATCH_BYTES = 256 * 1024;
/** IOV_MAX on Linux and macOS. */
const BATCH_PARTS = 1024;
const IN_USE: ReadonlySet<string> = new Set(['EPERM', 'EACCES', 'EBUSY']);

export interface ObjectFile {
  /** Where it is written; on the same file system as the target. */
  readonly temporaryFolder: string;
  readonly target: string;
}

/**
 * Writes a file under a name nobody looks at, flushes it and only then gives it its own. Flushing the target's folder is left to the
 * caller. Whatever goes wrong, the temporary file is removed and the target is as it was.
 */
export async function writeObject(
  files: FileCalls,
  { temporaryFolder, target }: ObjectFile,
  parts: readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<void> {
  const temporary = join(temporaryFolder, randomUUID());
  try {
    const file = await files.open(temporary, 'wx', 0o600);
    try {
      for (const batch of batchesOf(parts)) {
        signal?.throwIfAborted();
        await writeBatch(file, batch);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    signal?.throwIfAborted();
    await moveIntoPlace(files, temporary, target);
  } catch (error) {
    await discard(files, temporary);
    throw error;
  }
}

function* batchesOf(parts: readonly Uint8Array[]): Generator<Uint8Array[]> {
  let batch: Uint8Array[] = [];
  let bytes = 0;
  for (const part of parts) {
    for (let from = 0; from < part.length;) {
      const piece = part.subarray(from, from + BATCH_BYTES - bytes);
      batch.push(piece);
      bytes += piece.length;
      from += piece.length;
      if (batch.length < BATCH_PARTS && bytes < BATCH_BYTES) continue;
      yield batch;
      batch = [];
      bytes = 0;
    }
  }
  if (batch.length > 0) yield batch;
}

async function writeBatch(file: FileHandle, batch: readonly Uint8Array[]): Promise<void> {
  let left = batch;
  while (left.length > 0) {
    const { bytesWritten } = await file.writev(left);
    // A disk that fills up takes what it can first; the error comes with the next call.
    left = behind(left, bytesWritten);
  }
}

function behind(parts: readonly Uint8Array[], bytes: number): readonly Uint8Array[] {
  let skip = bytes;
  for (const [at, part] of parts.entries()) {
    if (skip < part.length) return [part.subarray(skip), ...parts.slice(at + 1)];
    skip -= part.length;
  }
  return [];
}

/**
 * Windows does not replace a file that somebody is reading. If one of the same size is there already, it is this very
 * object, whole and flushed: keys are never used for other bytes.
 */
async function moveIntoPlace(files: FileCalls, temporary: string, target: string): Promise<void> {
  try {
    await files.rename(temporary, target);
  } catch (error) {
    if (!IN_USE.has(errnoOf(error) ?? '')) throw error;
    const [ours, theirs] = [await factsOf(files, temporary), await factsOf(files, target)];
    if (theirs === undefined || ours?.size !== theirs.size) throw error;
    await discard(files, temporary);
  }
}

async function discard(files: FileCalls, temporary: string): Promise<void> {
  try {
    await files.rm(temporary, { force: true });
  } catch (error) {
    // The first error is the one to tell; the next start removes the file.
    if (errnoOf(error) === undefined) throw error;
  }
}
