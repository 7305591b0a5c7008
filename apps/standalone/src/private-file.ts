import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readSmallFile } from '@rootcellar/platform';

/** Nothing we keep in a file of its own is larger; a larger file is not ours. */
const MAX_BYTES = 1024;

/** Its text; undefined when there is none, null when it is no regular file or too large. */
export async function readPrivateFile(path: string): Promise<string | undefined | null> {
  return readSmallFile(path, MAX_BYTES);
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
