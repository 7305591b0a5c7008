import { ArchiveError, isArchiveError } from '@rootcellar/model';
import { lstat, opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { onDisk } from '../files/open-regular-file.js';

/** `current` has Manifest.db or at least Manifest.plist; `too-old` is of the Manifest.mbdb era. */
export type BackupKind = 'current' | 'too-old';

/** Entries of a folder looked at before we give up finding backups in it. */
const MAX_ENTRIES = 10_000;

/** What kind of backup a folder is, by the names in it; `undefined` when it is none. */
export async function backupKindOf(path: string): Promise<BackupKind | undefined> {
  const has = async (name: string): Promise<boolean> =>
    (await onDisk(() => lstat(join(path, name)))) !== undefined;
  if (await has('Manifest.db')) return 'current';
  if (await has('Manifest.mbdb')) return 'too-old';
  return (await has('Manifest.plist')) ? 'current' : undefined;
}

/**
 * The backup a user means who gives this folder: itself, or the only backup right inside of it.
 *
 * @throws ArchiveError BACKUP_NOT_FOUND, BACKUP_NOT_A_BACKUP, INPUT_INVALID when there are several
 */
export async function findBackupFolder(path: string): Promise<string> {
  // The folder given may be a link: many keep MobileSync on another disk.
  const stats = await onDisk(() => stat(path));
  if (stats?.isDirectory() !== true)
    throw new ArchiveError('BACKUP_NOT_FOUND', 'There is no such folder. Nothing was changed.');
  if ((await backupKindOf(path)) !== undefined) return path;
  const found = await backupsInside(path);
  const [only] = found;
  if (only === undefined) {
    throw new ArchiveError(
      'BACKUP_NOT_A_BACKUP',
      'Neither the folder nor a folder in it is an iPhone or iPad backup. Nothing was changed.',
    );
  }
  if (found.length === 1) return only;
  throw new ArchiveError(
    'INPUT_INVALID',
    `The folder holds ${found.length} backups. Nothing was changed.`,
    { details: { backups: found.length }, hint: 'Give the folder of one of them.' },
  );
}

async function backupsInside(path: string): Promise<string[]> {
  const folders = await onDisk(async () => {
    const names: string[] = [];
    let entries = 0;
    for await (const entry of await opendir(path)) {
      if (entry.isDirectory()) names.push(entry.name);
      entries += 1;
      if (entries >= MAX_ENTRIES) break;
    }
    return names;
  });
  const found: string[] = [];
  for (const name of folders ?? []) {
    const folder = join(path, name);
    if (await isReadableBackup(folder)) found.push(folder);
  }
  return found;
}

/** Folders of others, such as `lost+found`, are none of ours. */
async function isReadableBackup(path: string): Promise<boolean> {
  try {
    return (await backupKindOf(path)) !== undefined;
  } catch (error) {
    if (isArchiveError(error, 'BACKUP_NOT_FOUND')) return false;
    throw error;
  }
}
