import { readFileSync } from 'node:fs';
import { openBackupFolder } from './corpus/backup-folder.js';
import type { BackupSession, BackupTotals, DevicePath } from './corpus/backup-folder.js';
import { deviceOf } from './corpus/device.js';
import { createDice } from './corpus/dice.js';
import type { Dice } from './corpus/dice.js';
import { PHOTO_DOMAIN, anyDomain } from './corpus/domains.js';
import { blob, edited, photo, preferences, retouched } from './corpus/file-content.js';
import { extensionOf, kindOf } from './corpus/file-kinds.js';
import type { FileKind } from './corpus/file-kinds.js';
import { changeMessageDatabase } from './corpus/message-database.js';

export interface Evolution {
  readonly folder: string;
  /** The seed the folder was generated from. */
  readonly seed: number;
  /** 2, 3, …: the day the folder becomes. */
  readonly day: number;
}

type ByKind = ReadonlyMap<FileKind, readonly DevicePath[]>;

const DATABASE_CHURN = [0.001, 0.003, 0.01] as const;
/** Shares of a kind's files that change in a day; of the databases, 70 %. */
const CHANGED = { plist: 0.05, json: 0.08, blob: 0.01, smallDatabase: 0.2, cache: 0.1 };
const DATABASES_CHANGED = 0.7;
const NEW_PHOTOS = 0.012;
/** One database is rewritten whole on this day, as apps do now and then. */
const VACUUM = { day: 4, database: 3 };

/** Makes the next day of a generated backup in its place; unchanged files keep inode, time and bytes. */
export function evolveInPlace({ folder, seed, day }: Evolution): BackupTotals {
  const session = openBackupFolder(folder, day);
  const dice = createDice('day', seed, day);
  const files = groupByKind(session.files());
  changeDatabases(session, files, { dice, day });
  for (const [kind, share] of Object.entries(CHANGED) as [keyof typeof CHANGED, number][]) {
    const paths = files.get(kind) ?? [];
    for (const path of dice.sample(paths, Math.floor(paths.length * share))) {
      changeFile(session, path, kind, dice);
    }
  }
  changePhotos(session, files.get('photo') ?? [], dice);
  removeSome(session, files.get('blob') ?? [], dice);
  for (let count = Math.max(1, Math.floor(size(files, 'plist') / 100)); count > 0; count -= 1) {
    const relativePath = `Library/New/${day}/${count}.${extensionOf('plist')}`;
    session.write({ domain: anyDomain(dice), relativePath }, preferences(dice));
  }
  return session.finish(deviceOf(seed));
}

function groupByKind(paths: readonly DevicePath[]): ByKind {
  const groups = new Map<FileKind, DevicePath[]>();
  for (const path of paths) {
    const kind = kindOf(path.relativePath);
    if (kind === undefined) continue;
    const group = groups.get(kind);
    if (group === undefined) groups.set(kind, [path]);
    else group.push(path);
  }
  return groups;
}

function size(files: ByKind, kind: FileKind): number {
  return files.get(kind)?.length ?? 0;
}

function changeDatabases(
  session: BackupSession,
  files: ByKind,
  { dice, day }: { dice: Dice; day: number },
): void {
  (files.get('database') ?? []).forEach((path, number) => {
    if (!dice.chance(DATABASES_CHANGED)) return;
    changeMessageDatabase(session.payload(path), dice, {
      churn: dice.pick(DATABASE_CHURN),
      vacuum: day === VACUUM.day && number === VACUUM.database,
    });
    session.adopt(path);
  });
}

function changeFile(
  session: BackupSession,
  path: DevicePath,
  kind: keyof typeof CHANGED,
  dice: Dice,
): void {
  if (kind === 'smallDatabase') {
    changeMessageDatabase(session.payload(path), dice, { churn: 0.05 });
    session.adopt(path);
    return;
  }
  session.write(
    path,
    changed(kind, dice, () => readFileSync(session.payload(path))),
  );
}

function changed(
  kind: Exclude<keyof typeof CHANGED, 'smallDatabase'>,
  dice: Dice,
  current: () => Buffer,
): Buffer {
  if (kind === 'blob') return blob(dice);
  if (kind === 'plist') return dice.chance(0.5) ? preferences(dice) : retouched(dice, current());
  return edited(dice, current());
}

function changePhotos(session: BackupSession, photos: readonly DevicePath[], dice: Dice): void {
  const taken = Math.max(1, Math.floor(photos.length * NEW_PHOTOS));
  const newest = Math.max(-1, ...photos.map(({ relativePath }) => photoNumber(relativePath)));
  const removed = dice.sample(photos, Math.max(1, Math.floor(taken / 3)));
  for (let number = newest + 1; number <= newest + taken; number += 1) {
    const name = `IMG_${String(number).padStart(5, '0')}.${extensionOf('photo')}`;
    const relativePath = `Media/DCIM/100APPLE/${name}`;
    session.write({ domain: PHOTO_DOMAIN, relativePath }, photo(dice, number));
  }
  for (const path of removed) session.remove(path);
}

function photoNumber(relativePath: string): number {
  return Number(/IMG_(\d+)\./.exec(relativePath)?.[1] ?? -1);
}

function removeSome(session: BackupSession, blobs: readonly DevicePath[], dice: Dice): void {
  const count = Math.max(1, Math.floor(blobs.length / 200));
  for (const path of dice.sample(blobs, count)) session.remove(path);
}
