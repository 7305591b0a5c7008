import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { PgChunkIndex, migrate } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { newId, sha256, systemClock } from '@rootcellar/model';
import type { ChunkId, HouseholdId, PackId, UploadId } from '@rootcellar/model';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

jest.setTimeout(120_000);

const ROWS = 200_000;

let server: TestServer;
let database: Database;
const householdId = newId<HouseholdId>(systemClock);
const packId = newId<PackId>(systemClock);
beforeAll(async () => {
  server = await startTestServer();
  database = await server.open();
  await migrate(database);
  await database.query(
    `insert into household (id, name, time_zone, wrapped_key, next_ordinal) values ($1, 'T', 'UTC', '', ${ROWS})`,
    [householdId],
  );
  await database.query(
    `insert into pack (id, household_id, type, state, epoch) values ($1, $2, 1, 'live', 1)`,
    [packId, householdId],
  );
  await database.query(
    `insert into chunk (household_id, id, ordinal, pack_id, "offset", sealed_length, plain_length, kind, codec)
      select $1, sha256(n::text::bytea), n, $2, n, 28, 0, 1, 0 from generate_series(0, ${ROWS - 1}) as n`,
    [householdId, packId],
  );
});
afterAll(async () => {
  await database.destroy();
  await server[Symbol.asyncDispose]();
});

interface Plan {
  readonly 'Node Type': string;
  readonly 'Relation Name'?: string;
  readonly 'Index Name'?: string;
  readonly Plans?: readonly Plan[];
}

interface Statement {
  readonly sql: string;
  readonly parameters: readonly unknown[];
}

/** The statements that `work` runs, noted on their way to the database. */
async function statementsOf(work: (index: PgChunkIndex) => Promise<unknown>): Promise<Statement[]> {
  const statements: Statement[] = [];
  const noting = (runner: Pick<Database, 'query'>): Pick<Database, 'query'> => ({
    query: async <T>(sql: string, parameters: unknown[] = []): Promise<T> => {
      statements.push({ sql, parameters });
      return runner.query<T>(sql, parameters);
    },
  });
  const source = {
    ...noting(database),
    transaction: async (run: (tx: Pick<Database, 'query'>) => Promise<unknown>) =>
      database.transaction(async (tx) => run(noting(tx as Pick<Database, 'query'>))),
  };
  await work(new PgChunkIndex(source as unknown as Database, householdId));
  return statements;
}

/** How the chunk table is read, as `Node Type Index Name`. */
async function readsOfChunks(statements: readonly Statement[]): Promise<Set<string>> {
  const reads = new Set<string>();
  const visit = (plan: Plan): void => {
    if (
      plan['Relation Name']?.startsWith('chunk') === true &&
      plan['Node Type'] !== 'ModifyTable'
    ) {
      reads.add(`${plan['Node Type']} ${plan['Index Name'] ?? ''}`.trim());
    }
    for (const below of plan.Plans ?? []) visit(below);
  };
  for (const { sql, parameters } of statements) {
    const [row] = await database.query<{ 'QUERY PLAN': readonly { Plan: Plan }[] }[]>(
      `explain (format json) ${sql}`,
      [...parameters],
    );
    for (const { Plan: plan } of row?.['QUERY PLAN'] ?? []) visit(plan);
  }
  return reads;
}

function idsFrom(first: number, count: number): ChunkId[] {
  return Array.from({ length: count }, (_, n) => sha256(Buffer.from(String(first + n))));
}

const WORK: readonly [string, (index: PgChunkIndex) => Promise<unknown>][] = [
  ['locating a few chunks', async (index) => index.locate(idsFrom(0, 5))],
  ['locating a full batch', async (index) => index.locate(idsFrom(1000, 4096))],
  ['asking what is held', async (index) => index.pinHeld(idsFrom(5000, 4096), newId(systemClock))],
  ['committing a pack of chunks, half of them known', commitSomePack],
];

async function commitSomePack(index: PgChunkIndex): Promise<void> {
  const pack = { packId: newId<PackId>(systemClock), type: 1 as const };
  await index.beginPack({ ...pack, holder: newId<UploadId>(systemClock) });
  const entries = idsFrom(ROWS - 250, 500).map((id, at) => ({
    ...{ id: Buffer.from(id, 'hex'), kind: 1 as const, codec: 0 as const },
    ...{ plainLength: 0, offset: 8 + at * 28, sealedLength: 28 },
  }));
  const size = 8 + entries.length * 28;
  await index.commitPack({ ...pack, size, sha256: Buffer.alloc(32), entries, holders: [] });
}

describe.each(['before', 'after'])(
  `with ${ROWS} chunks, %s the database has statistics`,
  (when) => {
    beforeAll(async () => {
      if (when === 'after') await database.query('analyze');
    });

    it.each(WORK)('%s reads chunks by the primary key alone', async (_, work) => {
      const statements = await statementsOf(work);

      const reads = await readsOfChunks(statements);

      expect([...reads]).not.toEqual([]);
      expect(
        [...reads].filter((read) => !/^Index (Only )?Scan chunk_p\d+_pkey$/.test(read)),
      ).toEqual([]);
    });
  },
);
