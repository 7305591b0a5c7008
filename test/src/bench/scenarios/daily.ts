import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { openContest } from '../contest.js';
import type { Contest } from '../contest.js';
import type { DailyCorpus } from '../daily-corpus.js';
import { median } from '../figures.js';
import { folderSize } from '../folder-size.js';
import { settle } from '../page-cache.js';
import type { OpenArchive } from '../programs/backup-program.js';
import { CommandFailed } from '../programs/run-command.js';
import type { Run } from '../programs/run-command.js';
import { ROWS } from '../rows.js';
import type { RowName } from '../rows.js';
import { countDifferences } from '../sync-folder.js';
import { MEGABYTE, MIB } from './bench-run.js';
import type { BenchRun } from './bench-run.js';

const DAILY_ROWS = ROWS.filter(({ scenario }) => scenario === 'daily').map(({ name }) => name);
/** The unchanged backup takes a second: the median of a few tells more. */
const UNCHANGED_TIMES = 3;

/** A first backup, the same again, a restore, and the days after it: every program in every step. */
export async function runDaily(corpus: DailyCorpus, bench: BenchRun): Promise<void> {
  const wants = (...rows: readonly RowName[]): boolean => rows.some((row) => bench.rows.has(row));
  await corpus.enter(1);
  const size = await folderSize(corpus.folder);
  bench.note(`Day 1: ${size.files} files, ${(size.bytes / MEGABYTE).toFixed(0)} MB.`);
  const contest = await openContest({
    ...bench,
    rows: DAILY_ROWS,
    turn: bench.number,
  });
  try {
    const day = { bench, contest, corpus, bytes: size.bytes };
    await firstBackup(day);
    if (wants('unchanged-backup')) await unchangedBackup(day);
    if (wants('restore')) await restore(day);
    if (wants('next-day', 'next-day-bytes')) await nextDays(day);
    await contest.step((archive) => {
      const peak = archive.serverPeakBytes();
      if (peak !== undefined) bench.figures.record('server-rss', archive.name, peak / MIB);
      return Promise.resolve();
    });
  } finally {
    await contest.close();
  }
}

interface Day {
  readonly bench: BenchRun;
  readonly contest: Contest;
  readonly corpus: DailyCorpus;
  /** Of the folder on day 1. */
  readonly bytes: number;
}

async function firstBackup({ bench: { figures }, contest, corpus, bytes }: Day): Promise<void> {
  await contest.step(async (archive) => {
    const run = await backUp(archive, corpus.folder, bytes);
    figures.record('first-backup', archive.name, bytes / MEGABYTE / run.seconds);
    if (run.peakBytes !== undefined) {
      figures.record('agent-rss', archive.name, run.peakBytes / MIB);
    }
    figures.record('stored-bytes', archive.name, (await archive.storedBytes()) / MIB);
  });
}

async function unchangedBackup({ bench: { figures }, contest, corpus }: Day): Promise<void> {
  await contest.step(async (archive) => {
    const seconds: number[] = [];
    for (let time = 0; time < UNCHANGED_TIMES; time += 1) {
      seconds.push((await backUp(archive, corpus.folder)).seconds);
    }
    figures.record('unchanged-backup', archive.name, median(seconds) ?? 0);
  });
}

async function restore({ bench: { figures, room }, contest, corpus, bytes }: Day): Promise<void> {
  await contest.step(async (archive) => {
    const target = join(room, `restored-by-${archive.name}`);
    await settle(archive.storage, bytes);
    const { run, folder } = await archive.restore(corpus.folder, target);
    const different = await countDifferences(corpus.folder, folder);
    await rm(target, { recursive: true });
    if (different > 0) throw new CommandFailed(`${different} restored files differ.`);
    figures.record('restore', archive.name, bytes / MEGABYTE / run.seconds);
  });
}

/** The mean of the days that follow the first. */
async function nextDays({ bench, contest, corpus }: Day): Promise<void> {
  const seconds = new Map<OpenArchive, number[]>();
  const added = new Map<OpenArchive, number[]>();
  for (let day = 2; day <= corpus.days; day += 1) {
    await corpus.enter(day);
    await contest.step(async (archive) => {
      const before = await archive.storedBytes();
      const run = await backUp(archive, corpus.folder);
      const growth = (await archive.storedBytes()) - before;
      seconds.set(archive, [...(seconds.get(archive) ?? []), run.seconds]);
      added.set(archive, [...(added.get(archive) ?? []), growth / MIB]);
      bench.note(
        `Day ${day}, ${archive.name}: ${run.seconds.toFixed(2)} s, ${(growth / MIB).toFixed(1)} MiB added.`,
      );
    });
  }
  await contest.step((archive) => {
    const [time, growth] = [mean(seconds.get(archive)), mean(added.get(archive))];
    if (time !== undefined) bench.figures.record('next-day', archive.name, time);
    if (growth !== undefined) bench.figures.record('next-day-bytes', archive.name, growth);
    return Promise.resolve();
  });
}

async function backUp(archive: OpenArchive, folder: string, writes = 0): Promise<Run> {
  await settle(folder, writes);
  return archive.backUp(folder);
}

function mean(values: readonly number[] = []): number | undefined {
  if (values.length === 0) return undefined;
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
