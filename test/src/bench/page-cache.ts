import { spawnSync } from 'node:child_process';
import { open, readdir } from 'node:fs/promises';
import { freemem } from 'node:os';
import { join } from 'node:path';

const BLOCK = Buffer.allocUnsafe(1 << 20);

/**
 * Brings about the same state before each timed command: its files are in the page cache, nothing waits to be written, and there is free
 * memory for what it writes.
 * @param writes bytes, about
 */
export async function settle(folder: string, writes = 0): Promise<void> {
  await readAll(folder);
  // What the program before left to be written must not slow the next one.
  if (process.platform !== 'win32') spawnSync('sync');
  if (writes > 0) touchFreeMemory(writes);
}

/** Beyond what is written to files: what the programs themselves take. */
const PROGRAMS_BYTES = 2 ** 30;

/**
 * A virtual machine gives free memory back to its host and pays for each page when it takes it again: here up to 3 s a GiB, by turns to
 * this or that program. Taken once and let go, it is there for whoever comes next.
 */
function touchFreeMemory(writes: number): void {
  const bytes = Math.min(writes + PROGRAMS_BYTES, Math.floor(freemem() / 2));
  const touch = `for (let left = ${String(bytes)}; left > 0; left -= 2 ** 28) (globalThis.all ??= []).push(Buffer.alloc(2 ** 28, 1))`;
  spawnSync(process.execPath, ['--eval', touch]);
}

async function readAll(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) await readAll(path);
    else if (entry.isFile()) await readFile(path);
  }
}

async function readFile(path: string): Promise<void> {
  await using file = await open(path);
  while ((await file.read(BLOCK, 0, BLOCK.length)).bytesRead > 0);
}
