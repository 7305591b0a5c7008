import { join } from 'node:path';
import { openContest } from '../contest.js';
import { deviceOf } from '../corpus/device.js';
import { generateManyFiles } from '../generate-many-files.js';
import { settle } from '../page-cache.js';
import { MIB } from './bench-run.js';
import type { BenchRun } from './bench-run.js';

/** The first backup of very many small files: how much memory does it take? */
export async function runManyFiles(
  { seed, files }: { readonly seed: number; readonly files: number },
  bench: BenchRun,
): Promise<void> {
  const folder = join(bench.room, 'many', deviceOf(seed).udid);
  const { bytes } = generateManyFiles({ folder, seed, files });
  bench.note(`Many files: ${files} files, ${(bytes / 1e6).toFixed(0)} MB.`);
  const contest = await openContest({
    ...bench,
    rows: ['many-files-agent-rss', 'many-files-server-rss'],
    turn: bench.number,
  });
  try {
    await contest.step(async (archive) => {
      await settle(folder);
      const run = await archive.backUp(folder);
      const [agent, server] = [run.peakBytes, archive.serverPeakBytes()];
      const { figures } = bench;
      if (agent !== undefined) figures.record('many-files-agent-rss', archive.name, agent / MIB);
      if (server !== undefined) figures.record('many-files-server-rss', archive.name, server / MIB);
      bench.note(`Many files, ${archive.name}: ${run.seconds.toFixed(1)} s.`);
    });
  } finally {
    await contest.close();
  }
}
