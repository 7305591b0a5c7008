import { lstatSync, readdirSync } from 'node:fs';
import type { Dirent } from 'node:fs';
import { join } from 'node:path';
import { isSafeRelativePath } from '@rootcellar/model';
import { readFailure, unsafe } from './read-failure.js';

/** A file or folder as it stood when it was looked at. */
export interface Sighting {
  /** Relative, `/` between the parts; empty for the folder itself. */
  readonly path: string;
  readonly type: 'file' | 'folder';
  /** Bytes; 0 for folders. */
  readonly size: number;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  readonly inode: bigint;
}

/**
 * Everything in a folder, in ascending path order (see `comparePaths`), one listing in memory. Nothing is followed, nothing is written.
 * @throws ArchiveError BACKUP_PATH_UNSAFE for symbolic links, special files, names that are not UTF-8 and paths that are too long;
 * BACKUP_CHANGING when something vanishes; BACKUP_NOT_FOUND when the disk refuses
 */
export function* walkFolder(root: string, below = ''): Generator<Sighting> {
  if (below === '') yield sight(root, '');
  for (const { name, entry } of sortedNames(join(root, below))) {
    const path = below === '' ? name : `${below}/${name}`;
    if (!isSafeRelativePath(path)) throw unsafe('a name that cannot be kept');
    if (entry.isDirectory()) {
      yield sight(root, path);
      yield* walkFolder(root, path);
    } else if (entry.isFile()) {
      yield sight(root, path);
    } else {
      throw unsafe(entry.isSymbolicLink() ? 'a symbolic link' : 'a special file');
    }
  }
}

/** How a file stands now. @throws ArchiveError BACKUP_CHANGING, BACKUP_PATH_UNSAFE, BACKUP_NOT_FOUND */
export function sight(root: string, path: string): Sighting {
  const facts = onDisk(() => lstatSync(join(root, path), { bigint: true }));
  if (!facts.isFile() && !facts.isDirectory())
    throw unsafe('something that is neither file nor folder');
  const type = facts.isFile() ? 'file' : 'folder';
  return {
    path,
    type,
    size: type === 'file' ? Number(facts.size) : 0,
    mtimeNs: facts.mtimeNs,
    ctimeNs: facts.ctimeNs,
    inode: facts.ino,
  };
}

function sortedNames(folder: string): { name: string; entry: Dirent<Buffer> }[] {
  const entries = onDisk(() => readdirSync(folder, { encoding: 'buffer', withFileTypes: true }));
  entries.sort((a, b) => Buffer.compare(a.name, b.name));
  return entries.map((entry) => {
    const name = entry.name.toString('utf8');
    if (!Buffer.from(name, 'utf8').equals(entry.name)) throw unsafe('a name that is not UTF-8');
    return { name, entry };
  });
}

function onDisk<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw readFailure(error);
  }
}
