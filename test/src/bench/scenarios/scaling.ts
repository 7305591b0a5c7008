import { join } from 'node:path';
import { migrate, openDatabase } from '@rootcellar/catalog';
import { startEmbeddedPostgres } from '@rootcellar/standalone';
import { createHousehold } from '../household/fill-household.js';
import type { Owner } from '../household/fill-household.js';
import { fillRows } from '../household/fill-rows.js';
import { withoutIndexes } from '../scaling/bulk-load.js';
import { measureCatalog } from '../scaling/measure-catalog.js';
import { sizesOf } from '../scaling/sizes.js';
import type { Size } from '../scaling/sizes.js';
import { secondsOf } from '../scaling/timed.js';
import type { BenchRun } from './bench-run.js';

const POOL_SIZE = 10;
const SNAPSHOTS = 300;
const VERSIONS = 1000;
/** The same at every size, so that a collection differs by what it looks at and not by what it deletes. */
const DEAD_CHUNKS = 20_000;

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
      await measureCatalog(database, owner, size.chunks, {
        note: bench.note,
        record: (figure, value) =>
          bench.figures.record(`scaling-${figure}-${size.name}`, 'ours', value),
      });
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
  const settings = { ...connection, poolSize: POOL_SIZE, statementTimeoutMs: 0 };
  const database = await openDatabase(settings);
  try {
    await migrate(database);
    const owner = await createHousehold(database);
    const order = { seed, chunks, snapshots: SNAPSHOTS, versions: VERSIONS };
    const dead = Math.min(DEAD_CHUNKS, Math.floor(chunks / 10));
    const seconds = await secondsOf(async () =>
      withoutIndexes(database, async () => fillRows(database, owner, { ...order, dead })),
    );
    await database.query('vacuum analyze');
    note(`${chunks} chunks written in ${seconds.toFixed(0)} s.`);
    return owner;
  } finally {
    await database.destroy();
  }
}
