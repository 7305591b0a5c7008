import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { isObjectKey } from '../object-key.js';
import type { ListedObject } from '../object-store.js';
import type { FileCalls } from './file-calls.js';
import { factsOf } from './file-facts.js';
import { isMissing } from './fs-errors.js';
import type { Folders } from './folders.js';
import { parentOf } from './folders.js';

/** Walks the folders below a prefix. Memory: the names of one folder for each level. */
export async function* listObjects(
  files: FileCalls,
  folders: Folders,
  prefix: string,
): AsyncGenerator<ListedObject> {
  const folder = parentOf(prefix);
  if (await folders.exists(folder)) yield* walk({ files, folders, prefix }, folder);
}

interface Walk {
  readonly files: FileCalls;
  readonly folders: Folders;
  readonly prefix: string;
}

async function* walk(context: Walk, folder: string): AsyncGenerator<ListedObject> {
  const { files, folders, prefix } = context;
  const path = folders.path(folder);
  for (const entry of await namesIn(files, path)) {
    const key = folder === '' ? entry.name : `${folder}/${entry.name}`;
    if (!isObjectKey(key)) continue;
    if (entry.isDirectory()) {
      const below = `${key}/`;
      if (below.startsWith(prefix) || prefix.startsWith(below)) yield* walk(context, key);
    } else if (entry.isFile() && key.startsWith(prefix)) {
      const facts = await factsOf(files, join(path, entry.name));
      if (facts !== undefined) yield { key, ...facts };
    }
  }
}

/** In the order of the keys: what is in a folder sorts by the folder's name and the `/` behind it. */
async function namesIn(files: FileCalls, path: string): Promise<Dirent[]> {
  try {
    const entries = await files.readdir(path, { withFileTypes: true });
    return entries
      .map((entry) => ({ entry, place: entry.isDirectory() ? `${entry.name}/` : entry.name }))
      .sort((a, b) => (a.place < b.place ? -1 : 1))
      .map(({ entry }) => entry);
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}
