import { existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface FolderSize {
  readonly files: number;
  readonly bytes: number;
}

/** A folder that holds this file is a PostgreSQL database. */
const POSTGRES_MARK = 'PG_VERSION';

/** Adds up the files below a folder by their length, databases of PostgreSQL apart. */
export async function folderSize(folder: string): Promise<FolderSize> {
  let [files, bytes] = [0, 0];
  if (existsSync(join(folder, POSTGRES_MARK))) return { files, bytes };
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      const inner = await folderSize(path);
      files += inner.files;
      bytes += inner.bytes;
    } else if (entry.isFile()) {
      files += 1;
      bytes += (await lstat(path)).size;
    }
  }
  return { files, bytes };
}
