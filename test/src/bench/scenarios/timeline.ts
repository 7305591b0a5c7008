import { join } from 'node:path';
import { AppTimeline, GapRadar, HouseholdSpaces, ReportStorage } from '@rootcellar/archive';
import {
  PgAppCatalog,
  PgQuotaCatalog,
  PgRetentionCatalog,
  PgSpaceCatalog,
  migrate,
  openDatabase,
} from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { systemClock } from '@rootcellar/model';
import { startEmbeddedPostgres } from '@rootcellar/standalone';
import { sampleChunkSets } from '@rootcellar/vault/testing/samples';
import { actingAs } from '../../acting-as.js';
import { createHousehold, fillHousehold } from '../household/fill-household.js';
import { fillWeights } from '../household/fill-packs.js';
import { fillAppFacts } from '../household/fill-app-facts.js';
import { largeHousehold } from '../household/large-household.js';
import { packsOf } from '../household/packs.js';
import type { BenchRun } from './bench-run.js';

const SNAPSHOTS = 300;
const VERSIONS = 3000;
/** Of which the last backups tell, besides the one with many versions. */
const OTHER_APPS = 200;
/** 40 MB a package, 8 GB a backup. */
const CHUNKS = 1_000_000;
const BUNDLE_ID = 'org.example.app0';
const POOL_SIZE = 4;
const TIMES = 9;

/** The timeline of an app with 3,000 versions and 300 snapshots, and the gaps of all its household's apps. */
export async function runTimeline(
  { seed }: { readonly seed: number },
  bench: BenchRun,
): Promise<void> {
  await using opened = new AsyncDisposableStack();
  const server = await startEmbeddedPostgres({
    ...{ folder: join(bench.room, 'postgres'), durable: false },
    log: { info: () => undefined, warn: bench.note },
  });
  opened.defer(async () => server.stop());
  const database = await openDatabase({ ...server.connection, poolSize: POOL_SIZE });
  opened.defer(async () => database.destroy());
  await migrate(database);
  const household = largeHousehold({
    seed,
    chunks: CHUNKS,
    snapshots: SNAPSHOTS,
    versions: VERSIONS,
  });
  const sample = sampleChunkSets({ ...household, devices: 3, apps: 1 });
  const owner = await createHousehold(database);
  await fillHousehold(database, owner, sample);
  await fillWeights(database, owner, sample.weights, packsOf(sample.weights));
  await fillAppFacts(database, owner, { bundleId: BUNDLE_ID, otherApps: OTHER_APPS });
  await database.query('analyze');

  const actor = actingAs({ ...owner, role: 'admin' });
  const { timeline, gaps } = useCases(database);
  const page = { cursor: undefined, limit: 100 };
  const askTimeline = async (): Promise<unknown> => timeline.execute(actor, BUNDLE_ID, page);
  const askGaps = async (): Promise<unknown> =>
    gaps.execute(actor, { ...page, deviceId: undefined });
  // What the household's roots weigh is noted by upkeep.
  await askTimeline();
  const first = await millisecondsOf(useCases(database).timeline.execute(actor, BUNDLE_ID, page));
  const again = await median(askTimeline);
  bench.note(
    `Timeline of ${VERSIONS} versions, ${SNAPSHOTS} snapshots, ${sample.weights.length} chunks: ` +
      `${first.toFixed(0)} ms in a process that has just started, then ${again.toFixed(0)} ms.`,
  );
  bench.figures.record('timeline-first', 'ours', first);
  bench.figures.record('timeline-again', 'ours', again);
  bench.figures.record('gaps', 'ours', await median(askGaps));
}

function useCases(database: Database): { readonly timeline: AppTimeline; readonly gaps: GapRadar } {
  const clock = systemClock;
  const apps = new PgAppCatalog(database, clock);
  const space = new PgSpaceCatalog(database);
  const spaces = new HouseholdSpaces(space);
  const retention = new PgRetentionCatalog(database, clock);
  const quotas = new PgQuotaCatalog(database, clock);
  const freeBytes = async (): Promise<undefined> => Promise.resolve(undefined);
  const storage = new ReportStorage({ space, spaces, retention, quotas, clock, freeBytes });
  return {
    timeline: new AppTimeline({ apps, storage, retention, clock }),
    gaps: new GapRadar(apps),
  };
}

async function median(ask: () => Promise<unknown>): Promise<number> {
  const taken: number[] = [];
  for (let time = 0; time < TIMES; time += 1) taken.push(await millisecondsOf(ask()));
  return taken.toSorted((a, b) => a - b)[Math.floor(TIMES / 2)] ?? 0;
}

async function millisecondsOf(work: Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work;
  return performance.now() - start;
}
