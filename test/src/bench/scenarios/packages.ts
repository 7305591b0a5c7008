import { openContest } from '../contest.js';
import { folderSize } from '../folder-size.js';
import { settle } from '../page-cache.js';
import { MEGABYTE, MIB } from './bench-run.js';
import type { BenchRun } from './bench-run.js';

/** A folder of app packages, all added at once: how much room do they take? */
export async function runPackages(folder: string, bench: BenchRun): Promise<void> {
  const { files, bytes } = await folderSize(folder);
  bench.note(`Packages: ${files} files, ${(bytes / MIB).toFixed(1)} MiB.`);
  const contest = await openContest({ ...bench, rows: ['packages-stored'], turn: bench.number });
  try {
    await contest.step(async (archive) => {
      await settle(folder);
      const { seconds } = await archive.addPackages(folder);
      bench.figures.record('packages-stored', archive.name, (await archive.storedBytes()) / MIB);
      const speed = bytes / MEGABYTE / seconds;
      bench.note(`Packages, ${archive.name}: ${seconds.toFixed(1)} s, ${speed.toFixed(0)} MB/s.`);
    });
  } finally {
    await contest.close();
  }
}
