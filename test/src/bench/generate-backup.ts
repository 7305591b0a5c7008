import { cpSync, constants, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makePayloadFolders, openBackupFolder } from './corpus/backup-folder.js';
import type { BackupSession, BackupTotals, DevicePath } from './corpus/backup-folder.js';
import { deviceOf } from './corpus/device.js';
import { createDice } from './corpus/dice.js';
import type { Dice } from './corpus/dice.js';
import { PHOTO_DOMAIN, anyDomain } from './corpus/domains.js';
import { blob, cache, photo, preferences, records } from './corpus/file-content.js';
import { extensionOf } from './corpus/file-kinds.js';
import type { FileKind } from './corpus/file-kinds.js';
import { createMessageDatabase } from './corpus/message-database.js';
import { evolveInPlace } from './evolve-backup.js';

export interface BackupOrder {
  /** Becomes the backup folder itself; what was there is removed. */
  readonly folder: string;
  readonly seed: number;
  readonly sizeMib: number;
}

const MIB = 2 ** 20;
/** Shares of the bytes, as in the backups this was modelled on. */
const SHARE = { databases: 0.24, small: 0.14, caches: 0.04, photos: 0.58 };
/** The larger databases of a phone at 2 GiB, in MiB; what the share has left goes to ones of 5 to 14. */
const DATABASES_MIB = [200, 80, 45, 30, 20, 15, 12, 10, 8, 6, 5];
const FULL_SIZE = 2048 * MIB;

/** Day 1 of an unencrypted backup. Same seed and size, same Node: same bytes, names and times. */
export function generateBackup({ folder, seed, sizeMib }: BackupOrder): BackupTotals {
  rmSync(folder, { recursive: true, force: true });
  makePayloadFolders(folder);
  const session = openBackupFolder(folder, 1);
  const total = sizeMib * MIB;
  addDatabases(session, total, seed);
  addSmallFiles(session, total * SHARE.small, createDice('small', seed));
  addCaches(session, total * SHARE.caches, createDice('caches', seed));
  addPhotos(session, total * SHARE.photos, createDice('photos', seed));
  return session.finish(deviceOf(seed));
}

/** `<parent>/day1`, `<parent>/day2`, …: every day a complete folder; unchanged files keep bytes and times. */
export function generateDays(
  parent: string,
  days: number,
  order: Omit<BackupOrder, 'folder'>,
): void {
  mkdirSync(parent, { recursive: true });
  generateBackup({ ...order, folder: join(parent, 'day1') });
  for (let day = 2; day <= days; day += 1) {
    const folder = join(parent, `day${day}`);
    rmSync(folder, { recursive: true, force: true });
    cpSync(join(parent, `day${day - 1}`), folder, {
      recursive: true,
      preserveTimestamps: true,
      // A copy-on-write file system shares the blocks, any other copies them.
      mode: constants.COPYFILE_FICLONE,
    });
    evolveInPlace({ folder, seed: order.seed, day });
  }
}

function addDatabases(session: BackupSession, total: number, seed: number): void {
  const dice = createDice('databases', seed);
  const scale = Math.min(1, total / FULL_SIZE);
  const sizes = DATABASES_MIB.map((size) => Math.floor(size * scale * MIB));
  let sum = sizes.reduce((all, size) => all + size, 0);
  while (sum < total * SHARE.databases) {
    const size = dice.int(Math.floor(5 * scale * MIB), Math.floor(14 * scale * MIB));
    sizes.push(size);
    sum += size;
  }
  sizes.forEach((size, number) => {
    const path = {
      domain: anyDomain(dice),
      relativePath: nameOf(`Library/db${number}`, 'database'),
    };
    createMessageDatabase(session.payload(path), createDice('database', seed, number), size);
    session.adopt(path);
  });
}

function addSmallFiles(session: BackupSession, bytes: number, dice: Dice): void {
  const folders = ['Preferences', 'Application Support', 'Cookies', 'WebKit/Data', 'Saved State'];
  for (let [left, number] = [bytes, 0]; left > 0; number += 1) {
    const kind = smallKind(dice.fraction());
    const folder = `Library/${folders[dice.int(0, folders.length - 1)] ?? ''}`;
    const path = {
      domain: anyDomain(dice),
      relativePath: nameOf(`${folder}/${number}`, kind),
    };
    left -= addSmallFile(session, path, kind, dice);
  }
}

/** Bytes written. */
function addSmallFile(
  session: BackupSession,
  path: DevicePath,
  kind: 'plist' | 'json' | 'blob' | 'smallDatabase',
  dice: Dice,
): number {
  if (kind === 'smallDatabase') {
    createMessageDatabase(session.payload(path), dice, dice.int(8000, 150_000));
    return session.adopt(path);
  }
  const content = { plist: preferences, json: records, blob }[kind](dice);
  session.write(path, content);
  return content.length;
}

function smallKind(draw: number): 'plist' | 'json' | 'blob' | 'smallDatabase' {
  if (draw < 0.5) return 'plist';
  if (draw < 0.7) return 'json';
  return draw < 0.92 ? 'blob' : 'smallDatabase';
}

function addCaches(session: BackupSession, bytes: number, dice: Dice): void {
  for (let [left, number] = [bytes, 0]; left > 0; number += 1) {
    const content = cache(dice);
    const relativePath = nameOf(`Documents/Downloads/${number}`, 'cache');
    session.write({ domain: anyDomain(dice), relativePath }, content);
    left -= content.length;
  }
}

function addPhotos(session: BackupSession, bytes: number, dice: Dice): void {
  for (let [left, number] = [bytes, 0]; left > 0; number += 1) {
    const content = photo(dice, number);
    session.write(photoPath(number), content);
    left -= content.length;
  }
}

function photoPath(number: number): DevicePath {
  const name = `Media/DCIM/100APPLE/IMG_${String(number).padStart(5, '0')}`;
  return { domain: PHOTO_DOMAIN, relativePath: nameOf(name, 'photo') };
}

function nameOf(stem: string, kind: FileKind): string {
  return `${stem}.${extensionOf(kind)}`;
}
