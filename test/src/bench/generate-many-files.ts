import { rmSync } from 'node:fs';
import { makePayloadFolders, openBackupFolder } from './corpus/backup-folder.js';
import type { BackupTotals } from './corpus/backup-folder.js';
import { deviceOf } from './corpus/device.js';
import { createDice } from './corpus/dice.js';
import type { Dice } from './corpus/dice.js';
import { anyDomain } from './corpus/domains.js';
import { prose } from './corpus/prose.js';

export interface ManyFilesOrder {
  readonly folder: string;
  readonly seed: number;
  readonly files: number;
}

const FILES_PER_FOLDER = 500;
const TEXT_BYTES = 2 ** 20;

/** A backup of very many small files (200 to 4000 bytes, no two alike): for bounds of memory, not of speed. */
export function generateManyFiles({ folder, seed, files }: ManyFilesOrder): BackupTotals {
  rmSync(folder, { recursive: true, force: true });
  makePayloadFolders(folder);
  const session = openBackupFolder(folder, 1);
  const dice = createDice('many', seed);
  const text = Buffer.from(prose(dice, TEXT_BYTES));
  let domain = anyDomain(dice);
  for (let number = 0; number < files; number += 1) {
    if (number % FILES_PER_FOLDER === 0) domain = anyDomain(dice);
    const folderNumber = Math.floor(number / FILES_PER_FOLDER);
    const relativePath = `Documents/Store/${folderNumber}/${number}.record`;
    session.write({ domain, relativePath }, content(dice, text));
  }
  return session.finish(deviceOf(seed));
}

/** Sixteen random bytes make every file its own; the rest is text, or in two of five cases noise. */
function content(dice: Dice, text: Buffer): Buffer {
  const length = dice.int(200, 4000);
  if (dice.chance(0.4)) return dice.bytes(length);
  const start = dice.int(0, TEXT_BYTES - length);
  return Buffer.concat([dice.bytes(16), text.subarray(start, start + length - 16)]);
}
