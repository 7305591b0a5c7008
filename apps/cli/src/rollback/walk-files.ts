import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export interface WalkedEntry {
  /** Relative to where the walk began, `/` between the parts; as it is called on this disk. */
  readonly path: string;
  readonly absolute: string;
  readonly isFolder: boolean;
  /** A folder with nothing in it. */
  readonly empty: boolean;
}

/** Everything below a folder of ours, in the order of names' UTF-16 units, a folder before what is in it. */
export async function* walkFiles(root: string, below = ''): AsyncGenerator<WalkedEntry> {
  const entries = await readdir(join(root, below), { withFileTypes: true });
  entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    const absolute = join(root, below, entry.name);
    if (entry.isFile()) yield { path, absolute, isFolder: false, empty: false };
    if (!entry.isDirectory()) continue;
    yield { path, absolute, isFolder: true, empty: (await readdir(absolute)).length === 0 };
    yield* walkFiles(root, path);
  }
}
