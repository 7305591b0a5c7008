import { createDice } from '../../bench/corpus/dice.js';
import { openBackupFolder } from '../../bench/corpus/backup-folder.js';
import { deviceOf } from '../../bench/corpus/device.js';
import { PHOTO_DOMAIN } from '../../bench/corpus/domains.js';
import { photo } from '../../bench/corpus/file-content.js';
import { evolveInPlace } from '../../bench/evolve-backup.js';
import { generateBackup } from '../../bench/generate-backup.js';
import { takeEvidence } from '../evidence.js';
import type { BackupOrder } from './backups.js';

// A process of its own, because generating and hashing would hold up the balancer: makes the backup that is ordered, if one is, and
// prints the evidence of the folder.
const order = JSON.parse(process.argv[2] ?? '') as BackupOrder;
const { folder, make } = order;
if (make !== undefined) {
  const { seed, day, sizeMib, sharedMib, sharedSeed } = make;
  if (day === 1) {
    generateBackup({ folder, seed, sizeMib });
    addShared(sharedMib, sharedSeed, seed);
  } else {
    evolveInPlace({ folder, seed, day });
  }
}
process.stdout.write(JSON.stringify([...(await takeEvidence(folder))]));

/** The same photos on every device, as families send them to each other. */
function addShared(mib: number, sharedSeed: number, seed: number): void {
  const session = openBackupFolder(folder, 1);
  const dice = createDice('shared', sharedSeed);
  for (let [left, number] = [mib * 2 ** 20, 0]; left > 0; number += 1) {
    const content = photo(dice, number);
    session.write(
      { domain: PHOTO_DOMAIN, relativePath: `Media/DCIM/900SHARE/S${number}.JPG` },
      content,
    );
    left -= content.length;
  }
  session.finish(deviceOf(seed));
}
