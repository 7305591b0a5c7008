import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { systemErrorCode } from '../error-code.js';
import { isPackageName, unfinishedMarkers } from '../package/package-names.js';

/** Something to keep, as it stood when it was looked at. */
export interface Candidate {
  readonly kind: 'package' | 'backup';
  /** Of the package file, or of the backup's folder. */
  readonly path: string;
  /** Size, time and inode: another one means that it changed. */
  readonly stamp: string;
  /** A program's own file beside it says that it is still being written. */
  readonly unfinished: boolean;
}

export interface Look {
  /** Called with each folder that was entered. */
  readonly onFolder: (path: string) => void;
  /** A part that could not be looked at; what is in it may be there all the same. */
  readonly onUnreadable: (path: string, code: string) => void;
  readonly signal: AbortSignal;
}

/** Deeper than any library; a folder that is mounted into itself ends there. */
const MAX_DEPTH = 32;
/** Names of one folder that are held at a time. */
const MAX_NAMES = 100_000;
/** What a backup is told by, and what changes when it does. */
export const BACKUP_FACES: readonly string[] = [
  'Status.plist',
  'Manifest.db',
  'Manifest.plist',
  'Info.plist',
];
const BACKUP_MARKS: ReadonlySet<string> = new Set(['Manifest.db', 'Manifest.plist']);

/**
 * Looks through a folder and what is below it: packages, and folders that are backups, which are not entered. Hidden folders are
 * left out, links are not followed. One listing in memory at a time and level.
 * @throws what the file system says when the folder itself cannot be listed
 */
export async function* findCandidates(
  folder: string,
  look: Look,
  depth = 0,
): AsyncGenerator<Candidate> {
  const entries = await listed(folder, depth, look);
  if (entries === undefined) return;
  look.onFolder(folder);
  const names = new Set(entries.map(({ name }) => name));
  if (entries.some((entry) => entry.isFile() && BACKUP_MARKS.has(entry.name))) {
    yield* backup(folder);
    return;
  }
  for (const entry of entries) {
    look.signal.throwIfAborted();
    const path = join(folder, entry.name);
    if (entry.isDirectory()) {
      if (!entry.name.startsWith('.') && depth < MAX_DEPTH)
        yield* findCandidates(path, look, depth + 1);
    } else if (entry.isFile() && isPackageName(entry.name)) {
      const stamp = await stampOf(path);
      const unfinished = unfinishedMarkers(entry.name).some((marker) => names.has(marker));
      if (stamp !== undefined) yield { kind: 'package', path, stamp, unfinished };
    }
  }
}

async function* backup(path: string): AsyncGenerator<Candidate> {
  const stamps = [];
  for (const name of BACKUP_FACES) stamps.push((await stampOf(join(path, name))) ?? '-');
  yield { kind: 'backup', path, stamp: stamps.join(' '), unfinished: false };
}

/** `undefined` when it is gone by now. */
async function stampOf(path: string): Promise<string | undefined> {
  try {
    const { size, mtimeNs, ino } = await lstat(path, { bigint: true });
    return `${String(size)}:${String(mtimeNs)}:${String(ino)}`;
  } catch (error) {
    if (systemErrorCode(error) === undefined) throw error;
    return undefined;
  }
}

async function listed(folder: string, depth: number, look: Look): Promise<Dirent[] | undefined> {
  try {
    const entries: Dirent[] = [];
    for await (const entry of await opendir(folder)) {
      if (entries.push(entry) >= MAX_NAMES) {
        look.onUnreadable(folder, 'TOO_MANY');
        break;
      }
    }
    return entries.sort((a, b) => (a.name < b.name ? -1 : 1));
  } catch (error) {
    const code = systemErrorCode(error);
    if (code === undefined || depth === 0) throw error;
    // It may have gone between two looks; anything else is somebody's to mend.
    if (code !== 'ENOENT') look.onUnreadable(folder, code);
    return undefined;
  }
}
