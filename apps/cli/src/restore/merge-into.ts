import { lstat, mkdir, readdir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stats } from 'node:fs';
import { ArchiveError } from '@rootcellar/model';
import { errorCode } from '../error-code.js';

/**
 * Moves what is in `staging` into `target`, folder by folder. Nothing is written over: it is looked first whether a file is in the way.
 * @throws ArchiveError RESTORE_TARGET_EXISTS, and then nothing was moved
 */
export async function mergeInto(staging: string, target: string): Promise<void> {
  await assertFree(staging, target);
  await move(staging, target);
}

async function assertFree(from: string, to: string): Promise<void> {
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const there = await lstatIfThere(join(to, entry.name));
    if (there === undefined) continue;
    if (!entry.isDirectory() || !there.isDirectory()) {
      throw new ArchiveError(
        'RESTORE_TARGET_EXISTS',
        'A file that would be written exists already; nothing was written.',
        {
          hint: 'Restore into another folder.',
        },
      );
    }
    await assertFree(join(from, entry.name), join(to, entry.name));
  }
}

async function move(from: string, to: string): Promise<void> {
  // The whole listing first: some file systems skip entries when others are taken out meanwhile.
  for (const entry of await readdir(from, { withFileTypes: true })) {
    const there = await lstatIfThere(join(to, entry.name));
    if (there === undefined) {
      await mkdir(to, { recursive: true });
      await rename(join(from, entry.name), join(to, entry.name));
    } else {
      await move(join(from, entry.name), join(to, entry.name));
    }
  }
}

async function lstatIfThere(path: string): Promise<Stats | undefined> {
  try {
    return await lstat(path);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return undefined;
    throw error;
  }
}
