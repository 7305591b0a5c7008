import { ArchiveError } from '@rootcellar/model';
import { stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { onDisk, openRegularFile } from '../files/open-regular-file.js';
import { manifestDamaged } from '../manifest/manifest-errors.js';
import { openManifest, readHead } from '../manifest/open-manifest.js';
import { isSqlite } from '../manifest/sqlite-header.js';
import { PLIST_LIMITS } from '../plist/plist-limits.js';
import { backupKindOf } from './find-backup-folder.js';
import { plistDamaged, readBackupFacts } from './read-backup-facts.js';
import type { BackupFacts } from './read-backup-facts.js';

export interface InspectOptions {
  /** Take a backup that was not finished, and one without Status.plist. Its facts say so. */
  readonly acceptIncomplete?: boolean;
}

export interface BackupInspection {
  readonly facts: BackupFacts;
  /** Whether `openManifest` opens Manifest.db: not when it is encrypted. */
  readonly manifestReadable: boolean;
  readonly manifestBytes: number;
}

/** The block of AES: an encrypted Manifest.db is whole blocks. */
const CIPHER_BLOCK_BYTES = 16;

/**
 * Looks whether a folder on this computer is a whole backup, before anything of it is sent. Payloads are not looked
 * at: `createManifestJoin` does that as they are read.
 *
 * @throws ArchiveError in this order: BACKUP_NOT_FOUND, BACKUP_TOO_OLD, BACKUP_NOT_A_BACKUP, BACKUP_PLIST_DAMAGED,
 * BACKUP_NO_DEVICE, BACKUP_NOT_FINISHED, BACKUP_MANIFEST_DAMAGED, BACKUP_CHANGING; BACKUP_PATH_UNSAFE whenever a link
 * or a special file lies where a file should be
 */
export async function inspectBackupFolder(
  path: string,
  { acceptIncomplete = false }: InspectOptions = {},
): Promise<BackupInspection> {
  await requireBackup(path);
  const statusPlist = await readPlist(join(path, 'Status.plist'));
  const infoPlist = await readPlist(join(path, 'Info.plist'));
  const manifestPlist = await readPlist(join(path, 'Manifest.plist'));
  if (infoPlist === undefined || manifestPlist === undefined) throw plistDamaged();
  if (statusPlist === undefined && !acceptIncomplete) throw plistDamaged();
  const folderName = basename(resolve(path));
  const facts = readBackupFacts({ infoPlist, manifestPlist, statusPlist, folderName });
  if (!facts.finished && !acceptIncomplete) throw notFinished();
  return { facts, ...(await inspectManifest(join(path, 'Manifest.db'), facts.encrypted)) };
}

async function requireBackup(path: string): Promise<void> {
  const stats = await onDisk(() => stat(path));
  if (stats?.isDirectory() !== true) {
    throw new ArchiveError('BACKUP_NOT_FOUND', 'There is no such folder. Nothing was changed.', {
      hint: 'Give the folder of the backup; its name is the UDID of the device.',
    });
  }
  const kind = await backupKindOf(path);
  if (kind === 'too-old') {
    throw new ArchiveError(
      'BACKUP_TOO_OLD',
      'The backup is of iOS 9 or older (Manifest.mbdb), which is not supported. Nothing was changed.',
    );
  }
  if (kind === undefined) {
    throw new ArchiveError(
      'BACKUP_NOT_A_BACKUP',
      'The folder is not an iPhone or iPad backup: it has neither Manifest.db nor Manifest.plist. Nothing was changed.',
    );
  }
}

/** `undefined` when there is none. */
async function readPlist(path: string): Promise<Buffer | undefined> {
  await using file = await openRegularFile(path);
  if (file === undefined) return undefined;
  if (file.bytes === 0 || file.bytes > PLIST_LIMITS.maxBytes) throw plistDamaged();
  return await onDisk(() => file.handle.readFile());
}

function notFinished(): ArchiveError {
  return new ArchiveError(
    'BACKUP_NOT_FINISHED',
    'The backup was not finished: its SnapshotState is not "finished". Files may be missing from it. Nothing was changed.',
    { hint: 'Let the device finish the backup, then run the command again.' },
  );
}

type ManifestInspection = Omit<BackupInspection, 'facts'>;

/** Backups of iOS 10.0 and 10.1 are encrypted with a plain Manifest.db: the bytes decide, then the plists. */
async function inspectManifest(path: string, encrypted: boolean): Promise<ManifestInspection> {
  await using file = await openRegularFile(path);
  if (file === undefined) throw manifestDamaged('is missing');
  const manifestBytes = file.bytes;
  if (encrypted && !isSqlite(await readHead(file))) {
    if (manifestBytes % CIPHER_BLOCK_BYTES !== 0)
      throw manifestDamaged('is cut off', { bytes: manifestBytes });
    return { manifestReadable: false, manifestBytes };
  }
  (await openManifest(path)).close();
  return { manifestReadable: true, manifestBytes };
}
