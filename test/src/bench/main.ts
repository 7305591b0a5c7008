import { existsSync, writeFileSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { generatedCorpus, givenCorpus } from './daily-corpus.js';
import type { DailyCorpus } from './daily-corpus.js';
import { createFigures } from './figures.js';
import type { Figures } from './figures.js';
import { generateDays } from './generate-backup.js';
import { generatePackages } from './generate-packages.js';
import { USAGE, parseOptions } from './options.js';
import type { BenchOptions } from './options.js';
import type { BackupProgram } from './programs/backup-program.js';
import { borg } from './programs/borg.js';
import { restic } from './programs/restic.js';
import { rootcellar } from './programs/rootcellar.js';
import { CommandFailed } from './programs/run-command.js';
import type { Workbench } from './programs/run-command.js';
import { formatTable } from './report.js';
import { SCENARIOS, rowsOf } from './rows.js';
import type { Scenario } from './rows.js';
import { largestSize } from './scaling/sizes.js';
import type { BenchRun } from './scenarios/bench-run.js';
import { MIB } from './scenarios/bench-run.js';
import { runCollecting } from './scenarios/collecting.js';
import { runDaily } from './scenarios/daily.js';
import { runManyFiles } from './scenarios/many-files.js';
import { runPackages } from './scenarios/packages.js';
import { runPlan } from './scenarios/plan.js';
import { runScaling } from './scenarios/scaling.js';
import { runTimeline } from './scenarios/timeline.js';
import { runUnion } from './scenarios/union.js';
import { makeWorkFolder } from './work-folder.js';

/** Corpus, three archives and a restored copy. */
const ROOM_FACTOR = 5;
/** A small file takes at least a block. */
const BLOCK = 4096;
/** What PostgreSQL takes for one, its indexes and its log with it. */
const CHUNK_ROW = 600;
const INTERRUPTED = 130;
/** What the others have no such thing of. */
const OURS: ReadonlySet<Scenario> = new Set(['plan', 'union', 'timeline', 'collecting', 'scaling']);

const note = (line: string): void => console.error(line);
const stop = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stop.abort());

try {
  process.exitCode = await main(parseOptions(process.argv.slice(2)));
} catch (error) {
  process.exitCode = stop.signal.aborted ? INTERRUPTED : 1;
  note(error instanceof Error ? error.message : String(error));
}

async function main(options: BenchOptions): Promise<number> {
  if (options.help) {
    console.log(USAGE);
    return 0;
  }
  if (options.generate !== undefined) return generate(resolve(options.generate), options);
  const work = await makeWorkFolder(options.work, neededBytes(options));
  const figures = createFigures();
  try {
    await measure(options, work.path, figures);
  } finally {
    if (options.keep) note(`Left for you: ${work.path}`);
    else await work.remove();
  }
  const report = figures.report(options.rows);
  console.log(formatTable(report));
  if (options.json !== undefined) {
    writeFileSync(options.json, `${JSON.stringify(report, null, 2)}\n`);
  }
  // Whoever has no restic or Borg still gets our figures; a run without ours has failed.
  return report.some(({ remarks }) => remarks.ours !== undefined) ? 1 : 0;
}

async function generate(folder: string, options: BenchOptions): Promise<number> {
  generateDays(join(folder, 'ios'), options.days, options);
  await generatePackages({ ...options, folder: join(folder, 'ipas') });
  note(`Written: ${folder}/ios/day1 … day${options.days} and ${folder}/ipas.`);
  return 0;
}

async function measure(options: BenchOptions, work: string, figures: Figures): Promise<void> {
  const cpu = cpus();
  note(
    `${cpu.length} × ${cpu[0]?.model ?? 'unknown processor'}, ` +
      `${(totalmem() / 2 ** 30).toFixed(0)} GiB, Node ${process.version}, ${process.platform}.`,
  );
  const programs = await presentPrograms(options, figures);
  const packages = await packageFolder(options, work);
  for (let number = 0; number < options.runs; number += 1) {
    if (options.runs > 1) note(`Run ${number + 1} of ${options.runs}.`);
    const room = join(work, 'run');
    const run: BenchRun = { programs, room, rows: options.rows, figures, number, note };
    for (const scenario of SCENARIOS) {
      if (!rowsOf(scenario).some((row) => options.rows.has(row))) continue;
      await runScenario(scenario, { options, work, packages, run });
      await rm(room, { recursive: true, force: true });
    }
  }
}

async function runScenario(
  scenario: Scenario,
  from: {
    readonly options: BenchOptions;
    readonly work: string;
    readonly packages: string | undefined;
    readonly run: BenchRun;
  },
): Promise<void> {
  const { options, work, packages, run } = from;
  if (OURS.has(scenario)) return runOurs(scenario, options, run);
  if (scenario === 'many-files') {
    return runManyFiles({ seed: options.seed, files: options.manyFiles }, run);
  }
  if (scenario === 'daily') {
    const corpus = dailyCorpus(options, work);
    if (corpus !== undefined) return runDaily(corpus, run);
  } else if (packages !== undefined) return runPackages(packages, run);
  note(`${String(options.corpus)} has no folder for the rows of ${scenario}: they stay empty.`);
  return undefined;
}

async function runOurs(scenario: Scenario, options: BenchOptions, run: BenchRun): Promise<void> {
  if (!run.programs.some(({ name }) => name === 'ours')) return;
  await mkdir(run.room, { recursive: true });
  try {
    if (scenario === 'plan') await runPlan(options, run, workbench(options));
    else if (scenario === 'union') runUnion(options, run);
    else if (scenario === 'timeline') await runTimeline(options, run);
    else if (scenario === 'scaling') await runScaling(options, run);
    else {
      const { collectMib: sizeMib, collectSeconds: seconds } = options;
      await runCollecting({ ...options, sizeMib, seconds }, run, workbench(options));
    }
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    run.figures.remark(rowsOf(scenario), 'ours', 'failed');
    note(`${scenario} failed. ${error.message}`);
  }
}

function workbench(options: BenchOptions): Workbench {
  return {
    say: (line) => {
      if (options.verbose) note(line);
    },
    signal: stop.signal,
  };
}

/** Notes the version of each program that is there; the rows of one that is not say so. */
async function presentPrograms(options: BenchOptions, figures: Figures): Promise<BackupProgram[]> {
  const bench = workbench(options);
  const present: BackupProgram[] = [];
  for (const program of [rootcellar(bench), restic(bench), borg(bench)]) {
    if (!options.programs.has(program.name)) continue;
    const version = await program.version();
    note(`${program.name}: ${version ?? `not installed. To get it: ${program.hint}`}`);
    if (version === undefined) figures.remark(options.rows, program.name, 'not installed');
    else present.push(program);
  }
  return present;
}

function dailyCorpus(options: BenchOptions, work: string): DailyCorpus | undefined {
  if (options.corpus === undefined) return generatedCorpus({ ...options, work });
  return givenCorpus({ work, corpus: resolve(options.corpus), note });
}

/** Packages are the same in every run: generated once, and only when a row asks for them. */
async function packageFolder(options: BenchOptions, work: string): Promise<string | undefined> {
  if (options.corpus !== undefined) {
    const given = join(resolve(options.corpus), 'ipas');
    return existsSync(given) ? given : undefined;
  }
  const folder = join(work, 'ipas');
  if (options.rows.has('packages-stored')) await generatePackages({ ...options, folder });
  return folder;
}

function neededBytes(options: BenchOptions): number {
  const bytes: Readonly<Record<Scenario, number>> = {
    daily: options.sizeMib * MIB,
    'many-files': options.manyFiles * BLOCK,
    packages: options.apps * options.versions * options.appMib * MIB,
    plan: (options.chunks * CHUNK_ROW) / ROOM_FACTOR,
    union: 0,
    timeline: MIB,
    collecting: options.collectMib * MIB + (options.chunks * CHUNK_ROW) / ROOM_FACTOR,
    scaling: (largestSize(options) * CHUNK_ROW) / ROOM_FACTOR,
  };
  const asked = SCENARIOS.filter((scenario) =>
    rowsOf(scenario).some((row) => options.rows.has(row)),
  );
  return ROOM_FACTOR * Math.max(...asked.map((scenario) => bytes[scenario]));
}
