import { constants } from 'node:fs';
import { copyFile, mkdir, open, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from './error-code.js';

export interface SyncResult {
  readonly written: number;
  readonly removed: number;
  readonly kept: number;
}

const BLOCK = 1 << 20;

/**
 * Makes `target` hold what `source` holds. Only files whose bytes differ are written, as new files with the
 * source's times; all others keep inode, times and bytes, as in a folder a device backs up into.
 */
export async function syncFolder(source: string, target: string): Promise<SyncResult> {
  await mkdir(target, { recursive: true });
  const result = { written: 0, removed: 0, kept: 0 };
  const entries = await readdir(source, { withFileTypes: true });
  const names = new Set(entries.map(({ name }) => name));
  for (const name of await readdir(target)) {
    if (names.has(name)) continue;
    await rm(join(target, name), { recursive: true });
    result.removed += 1;
  }
  for (const entry of entries) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) {
      const inner = await syncFolder(from, to);
      result.written += inner.written;
      result.removed += inner.removed;
      result.kept += inner.kept;
    } else if (entry.isFile()) {
      const same = await sameContent(from, to);
      if (!same) await replace(from, to);
      result[same ? 'kept' : 'written'] += 1;
    }
  }
  return result;
}

/** How many files of `expected` are missing below `actual` or hold other bytes, and how many are too many. */
export async function countDifferences(expected: string, actual: string): Promise<number> {
  let count = 0;
  const names = new Set(await namesIn(actual));
  for (const entry of await readdir(expected, { withFileTypes: true })) {
    const [left, right] = [join(expected, entry.name), join(actual, entry.name)];
    const there = names.delete(entry.name);
    if (entry.isDirectory()) count += await countDifferences(left, right);
    else if (!there || !(await sameContent(left, right))) count += 1;
  }
  return count + names.size;
}

async function namesIn(folder: string): Promise<string[]> {
  return (await exists(folder)) ? readdir(folder) : [];
}

async function replace(from: string, to: string): Promise<void> {
  const partial = `${to}.partial`;
  await copyFile(from, partial, constants.COPYFILE_FICLONE);
  const { atime, mtime } = await stat(from);
  await utimes(partial, atime, mtime);
  await rename(partial, to);
}

async function sameContent(left: string, right: string): Promise<boolean> {
  if (!(await exists(right))) return false;
  await using a = await open(left);
  await using b = await open(right);
  if ((await a.stat()).size !== (await b.stat()).size) return false;
  const [leftBlock, rightBlock] = [Buffer.allocUnsafe(BLOCK), Buffer.allocUnsafe(BLOCK)];
  for (;;) {
    const [leftBytes, rightBytes] = [await readInto(a, leftBlock), await readInto(b, rightBlock)];
    if (!leftBytes.equals(rightBytes)) return false;
    if (leftBytes.length < BLOCK) return true;
  }
}

async function readInto(file: FileHandle, block: Buffer): Promise<Buffer> {
  let length = 0;
  while (length < block.length) {
    const { bytesRead } = await file.read(block, length, block.length - length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return block.subarray(0, length);
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return false;
    throw error;
  }
}
