import { PgChunkIndex, PgUploadCatalog } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { INDEX_BATCH } from '@rootcellar/vault';
import { describe, summarize } from '../collecting/latencies.js';
import type { Owner } from '../household/fill-household.js';
import type { RowName } from '../rows.js';
import { MIB } from '../scenarios/bench-run.js';
import { collectRows } from './collect-rows.js';
import { haveBatches } from './have-lack.js';
import { CHUNKS_A_PACK, commitPack, newPacks } from './new-packs.js';
import { commitRoots, openUpload } from './new-roots.js';
import { between, processorTime } from './processor-time.js';
import { describeSize, relationSizes } from './relation-sizes.js';
import { timed } from './timed.js';
import type { Timed } from './timed.js';
import { askWhatIf } from './what-if.js';

const MANY = 8;
const BATCHES = 100;
const PACKS = 200;
const ROOTS = 20;

/** What a row of the scenario is called before its size. */
export type Figure = RowName extends infer Row
  ? Row extends `scaling-${infer Name}-small`
    ? Name
    : never
  : never;

export interface Records {
  readonly record: (figure: Figure, value: number) => void;
  readonly note: (line: string) => void;
}

/** Asks, commits and collects in a household of so many chunks, which {@link fillRows} wrote. */
export async function measureCatalog(
  database: Database,
  owner: Owner,
  chunks: number,
  { record, note }: Records,
): Promise<void> {
  const index = new PgChunkIndex(database, owner.householdId);
  const upload = await openUpload(database, owner);
  /** Tells what it took of the processors: that is comparable between machines that others use, too. */
  const watched = async <T>(work: () => Promise<T>): Promise<[T, string]> => {
    const before = await processorTime(database);
    const done = await work();
    const { postgres, own } = between(before, await processorTime(database));
    const told = [postgres, own].map((seconds) => seconds.toFixed(2));
    return [done, `processor: PostgreSQL ${told[0]} s, service ${told[1]} s`];
  };
  const many = async (what: string, work: () => Promise<Timed>): Promise<Timed> => {
    const [done, spent] = await watched(work);
    note(`${chunks} chunks, ${what}: ${describe(summarize(done.milliseconds))}; ${spent}.`);
    return done;
  };

  for (const relation of await relationSizes(database)) {
    if (relation.heap > MIB) note(`${chunks} chunks, ${describeSize(relation)}`);
    if (relation.table !== 'chunk') continue;
    record('table', relation.heap / MIB);
    record('indexes', Object.values(relation.indexes).reduce((sum, of) => sum + of, 0) / MIB);
  }
  for (const [row, atATime] of [
    ['have', 1],
    ['have-8', MANY],
  ] as const) {
    const batches = haveBatches(chunks, BATCHES);
    const have = await many(row, async () =>
      timed(batches, atATime, async (ids) => index.pinHeld(ids, upload)),
    );
    record(row, (BATCHES * INDEX_BATCH) / have.seconds / 1000);
  }
  const [{ frees, plan }, spent] = await watched(async () => askWhatIf(database, owner));
  record('frees', frees);
  record('plan', plan);
  note(`${chunks} chunks, frees and plan: ${spent}.`);
  const packs = async (atATime: number): Promise<Timed> =>
    timed(newPacks(PACKS), atATime, async (pack) => commitPack(index, upload, pack));
  record('pack', summarize((await many('pack', async () => packs(1))).milliseconds).p50);
  const logAt = await logPosition(database);
  const { seconds } = await many('pack-8', async () => packs(MANY));
  record('pack-8', (PACKS * CHUNKS_A_PACK) / seconds / 1000);
  const logged = ((await logPosition(database)) - logAt) / PACKS;
  note(`${chunks} chunks, pack-8: ${Math.round(logged / 1024)} KiB of write-ahead log each.`);
  const roots = { count: ROOTS, newPacks: 2 * PACKS };
  const rooted = await many('root', async () => commitRoots(database, owner, roots));
  record('root', summarize(rooted.milliseconds).p50);
  await new PgUploadCatalog(database).abandon(upload);
  const start = performance.now();
  const [{ deletedPacks }, forAll] = await watched(async () =>
    collectRows(database, owner.householdId),
  );
  record('collect', (performance.now() - start) / 1000);
  note(`${chunks} chunks, collect: ${deletedPacks} packs deleted; ${forAll}.`);
}

async function logPosition(database: Database): Promise<number> {
  const [row] = await database.query<{ bytes: string }[]>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as bytes`,
  );
  return Number(row?.bytes);
}
