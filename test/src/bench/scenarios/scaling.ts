import { join } from 'node:path';
import { PgChunkIndex, PgUploadCatalog, migrate, openDatabase } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { startEmbeddedPostgres } from '@rootcellar/standalone';
import { INDEX_BATCH } from '@rootcellar/vault';
import { describe, summarize } from '../collecting/latencies.js';
import { createHousehold } from '../household/fill-household.js';
import type { Owner } from '../household/fill-household.js';
import { fillRows } from '../household/fill-rows.js';
import type { RowName } from '../rows.js';
import { collectRows } from '../scaling/collect-rows.js';
import { haveBatches } from '../scaling/have-lack.js';
import { CHUNKS_A_PACK, commitPack, newPacks } from '../scaling/new-packs.js';
import { commitRoots, openUpload } from '../scaling/new-roots.js';
import { describeSize, relationSizes } from '../scaling/relation-sizes.js';
import { sizesOf } from '../scaling/sizes.js';
import type { Size } from '../scaling/sizes.js';
import { secondsOf, timed } from '../scaling/timed.js';
import { askWhatIf } from '../scaling/what-if.js';
import { MIB } from './bench-run.js';
import type { BenchRun } from './bench-run.js';

const MANY = 8;
const POOL_SIZE = 10;
const SNAPSHOTS = 300;
const VERSIONS = 1000;
/** The same at every size, so that a collection differs by what it looks at and not by what it deletes. */
const DEAD_CHUNKS = 20_000;
const BATCHES = 100;
const PACKS = 200;
const ROOTS = 20;

/** The same work on catalogs of three sizes: a curve, not one point. */
export async function runScaling(
  options: { readonly seed: number; readonly chunks: number },
  bench: BenchRun,
): Promise<void> {
  for (const size of sizesOf({ ...options, rows: bench.rows })) {
    const folder = join(bench.room, `postgres-${size.name}`);
    const log = { info: () => undefined, warn: bench.note };
    // Nothing is measured while it is filled; a power cut may break it until then.
    const filling = await startEmbeddedPostgres({ folder, log, durable: false });
    let owner: Owner;
    try {
      owner = await fill(filling.connection, size, options.seed, bench);
    } finally {
      await filling.stop();
    }
    const server = await startEmbeddedPostgres({ folder, log, durable: true });
    const database = await openDatabase({ ...server.connection, poolSize: POOL_SIZE });
    try {
      await measure(database, owner, size, bench);
    } finally {
      await database.destroy();
      await server.stop();
    }
  }
}

async function fill(
  connection: Omit<Parameters<typeof openDatabase>[0], 'poolSize'>,
  { chunks }: Size,
  seed: number,
  { note }: BenchRun,
): Promise<Owner> {
  const database = await openDatabase({ ...connection, poolSize: POOL_SIZE });
  try {
    await migrate(database);
    const owner = await createHousehold(database);
    const order = { seed, chunks, snapshots: SNAPSHOTS, versions: VERSIONS };
    const dead = Math.min(DEAD_CHUNKS, Math.floor(chunks / 10));
    const seconds = await secondsOf(async () => fillRows(database, owner, { ...order, dead }));
    await database.query('vacuum analyze');
    note(`${chunks} chunks written in ${seconds.toFixed(0)} s.`);
    return owner;
  } finally {
    await database.destroy();
  }
}

async function measure(
  database: Database,
  owner: Owner,
  { name, chunks }: Size,
  { figures, note }: BenchRun,
): Promise<void> {
  const record = (row: Figure, value: number): void =>
    figures.record(`scaling-${row}-${name}`, 'ours', value);
  const told = (what: string, { milliseconds }: { milliseconds: readonly number[] }): void =>
    note(`${chunks} chunks, ${what}: ${describe(summarize(milliseconds))}.`);
  const index = new PgChunkIndex(database, owner.householdId);
  const upload = await openUpload(database, owner);
  for (const relation of await relationSizes(database)) {
    if (relation.heap > MIB) note(`${chunks} chunks, ${describeSize(relation)}`);
    if (relation.table !== 'chunk') continue;
    record('table', relation.heap / MIB);
    const indexes = Object.values(relation.indexes).reduce((sum, bytes) => sum + bytes, 0);
    record('indexes', indexes / MIB);
  }
  for (const [row, atATime] of [
    ['have', 1],
    ['have-8', MANY],
  ] as const) {
    const batches = haveBatches(chunks, BATCHES);
    const have = await timed(batches, atATime, async (ids) => index.pinHeld(ids, upload));
    told(row, have);
    record(row, (BATCHES * INDEX_BATCH) / have.seconds / 1000);
  }
  const { frees, plan } = await askWhatIf(database, owner);
  record('frees', frees);
  record('plan', plan);
  const one = await timed(newPacks(PACKS), 1, async (pack) => commitPack(index, upload, pack));
  told('pack', one);
  record('pack', summarize(one.milliseconds).p50);
  const logAt = await logPosition(database);
  const many = await timed(newPacks(PACKS), MANY, async (pack) => commitPack(index, upload, pack));
  const logged = ((await logPosition(database)) - logAt) / PACKS;
  told(`pack-8, ${Math.round(logged / 1024)} KiB of WAL each`, many);
  record('pack-8', (PACKS * CHUNKS_A_PACK) / many.seconds / 1000);
  const roots = await commitRoots(database, owner, {
    count: ROOTS,
    newPacks: 2 * PACKS,
  });
  told('root', roots);
  record('root', summarize(roots.milliseconds).p50);
  await new PgUploadCatalog(database).abandon(upload);
  const start = performance.now();
  const collected = await collectRows(database, owner.householdId);
  record('collect', (performance.now() - start) / 1000);
  note(`${chunks} chunks, collected: ${collected.deletedPacks} packs deleted.`);
}

type Figure = RowName extends infer Row
  ? Row extends `scaling-${infer Name}-small`
    ? Name
    : never
  : never;

async function logPosition(database: Database): Promise<number> {
  const [row] = await database.query<{ bytes: string }[]>(
    `select pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') as bytes`,
  );
  return Number(row?.bytes);
}
