import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { errorCode } from './disk-error.js';

/** Nothing we keep in a file of its own is larger; a larger file is not ours. */
const MAX_BYTES = 1024;

/** The text of a small file; undefined when there is none, null when it is no regular file or too large. */
export async function readPrivateFile(path: string): Promise<string | undefined | null> {
  try {
    // Before opening: the open of a named pipe would wait for ever.
    return (await stat(path)).isFile() ? await readSmall(path) : null;
  } catch (error) {
    // Gone, or gone between the two: PostgreSQL removes its files when it likes.
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}

async function readSmall(path: string): Promise<string | null> {
  const file = await open(path, 'r');
  try {
    // Not by the size of the file: some secret mounts say 0.
    const buffer = Buffer.alloc(MAX_BYTES + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return bytesRead > MAX_BYTES ? null : buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

/** Writes whole or not at all, for the owner's eyes only (0600). The caller is the only writer. */
export async function writePrivateFile(path: string, text: string): Promise<void> {
  const unfinished = `${path}.new`;
  await rm(unfinished, { force: true });
  const file = await open(unfinished, 'wx', 0o600);
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(unfinished, path);
  await syncFolder(dirname(path));
}

/** Makes names in the folder survive a power cut. Windows neither can nor needs to. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return;
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
