import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { completeBackup, udidOf } from './complete-backup.js';
import { deviceOf } from './corpus/device.js';
import { evolveInPlace } from './evolve-backup.js';
import { generateBackup } from './generate-backup.js';
import { syncFolder } from './sync-folder.js';

/** One backup folder that goes through its days in one place, as a phone's folder on a computer does. */
export interface DailyCorpus {
  readonly folder: string;
  readonly days: number;
  /** Makes the folder what it is on that day; 1 begins anew. */
  enter(day: number): Promise<void>;
}

export interface GeneratedCorpus {
  /** The folder is made below it, named by its UDID. */
  readonly work: string;
  readonly seed: number;
  readonly sizeMib: number;
  readonly days: number;
}

export function generatedCorpus({ work, seed, sizeMib, days }: GeneratedCorpus): DailyCorpus {
  const folder = join(work, 'backup', deviceOf(seed).udid);
  return {
    folder,
    days,
    enter(day) {
      if (day === 1) generateBackup({ folder, seed, sizeMib });
      else evolveInPlace({ folder, seed, day });
      return Promise.resolve();
    },
  };
}

export interface GivenCorpus {
  readonly work: string;
  /** Holds `ios/day1`, `ios/day2`, …; nothing in it is changed. */
  readonly corpus: string;
  readonly note: (line: string) => void;
}

const WHY_COMPLETED =
  'A strict reader asks for these; the folder given lacks them or has them untrue, and stays as it is.';

/** Undefined when there is no `ios/day1`. */
export function givenCorpus({ work, corpus, note }: GivenCorpus): DailyCorpus | undefined {
  const sources = dayFolders(join(corpus, 'ios'));
  const [first] = sources;
  if (first === undefined) return undefined;
  const known = udidOf(first);
  const device = known === undefined ? deviceOf(0) : { ...deviceOf(0), udid: known };
  const folder = join(work, 'backup', device.udid);
  return {
    folder,
    days: sources.length,
    async enter(day) {
      const source = sources[day - 1] ?? first;
      const { written, kept, removed } = await syncFolder(source, folder);
      const added = completeBackup(folder, device);
      note(
        `ios/day${day} was copied into ${folder}: ${written} files written, ${removed} removed, ` +
          `${kept} left with inode and time, as a device leaves them.`,
      );
      if (added.length > 0) {
        note(
          `Completed in the copy, which all programs get: ${added.join(', ')}. ${WHY_COMPLETED}`,
        );
      }
    },
  };
}

/** `day1`, `day2`, … as far as they go; a day may be the backup folder or hold it. */
function dayFolders(parent: string): string[] {
  const folders: string[] = [];
  for (let day = 1; existsSync(join(parent, `day${day}`)); day += 1) {
    const folder = join(parent, `day${day}`);
    const inner = readdirSync(folder).find((name) => existsSync(join(folder, name, 'Manifest.db')));
    folders.push(inner === undefined ? folder : join(folder, inner));
  }
  return folders;
}
