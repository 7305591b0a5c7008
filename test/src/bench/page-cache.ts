import { spawnSync } from 'node:child_process';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';

const BLOCK = Buffer.allocUnsafe(1 << 20);

/** Reads every file once, so that each program finds the same files in the page cache; then writes out what waits. */
export async function settle(folder: string): Promise<void> {
  await readAll(folder);
  // What the program before left to be written must not slow the next one.
  if (process.platform !== 'win32') spawnSync('sync');
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
