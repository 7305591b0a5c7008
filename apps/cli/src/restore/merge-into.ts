import { lstat, mkdir, opendir, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { ArchiveError } from '@rootcellar/model';

/**
 * Moves what is in `staging` into `target`, folder by folder. Nothing is written over: it is looked first whether a file is in the way.
 * @throws ArchiveError RESTORE_TARGET_EXISTS, and then nothing was moved
 */
export async function mergeInto(staging: string, target: string): Promise<void> {
  await assertFree(staging, target);
  await move(staging, target);
}

async function assertFree(from: string, to: string): Promise<void> {
  for await (const entry of await opendir(from)) {
    const there = await lstat(join(to, entry.name)).catch(() => undefined);
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
  for await (const entry of await opendir(from)) {
    const there = await lstat(join(to, entry.name)).catch(() => undefined);
    if (there === undefined) {
      await mkdir(to, { recursive: true });
      await rename(join(from, entry.name), join(to, entry.name));
    } else {
      await move(join(from, entry.name), join(to, entry.name));
    }
  }
}
