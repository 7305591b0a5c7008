import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { migrate } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { openPool, startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

const TABLES = [
  ...['household', 'member', 'credential', 'device', 'upload', 'chunk', 'pack', 'upload_pack'],
  ...['root', 'root_pack', 'snapshot', 'app', 'app_version', 'artifact'],
];
const BIGINT =
  /^(chunk\.ordinal|household\.next_ordinal|.*\.(size|bytes|entries|files|\w+_bytes|\w+_files))$/;
const DIGEST = /^(chunk\.id|root\.(manifest|tree)|.*\.(sha256|token_hash|chunk_set|wrapped_key))$/;
const INSTANT = /\.(\w+_at|state_since)$/;
const TEXT_ID = /\.(udid|bundle_id|external_version_id|item_id)$/;
const UUID = /\.(id|\w+_id)$/;

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(async () => server[Symbol.asyncDispose]());

async function emptyDatabase(name: string): Promise<Database> {
  return openPool(await server.createDatabase(name));
}

/** Every column as `table.column type nullable default`, and every index and constraint. */
async function schemaOf(database: Database): Promise<string[]> {
  const columns = await database.query<{ line: string }[]>(`
    select table_name || '.' || column_name || ' ' || data_type || ' ' || is_nullable || ' ' || coalesce(column_default, '') as line
    from information_schema.columns where table_schema = 'public'`);
  const others = await database.query<{ line: string }[]>(`
    select indexdef as line from pg_indexes where schemaname = 'public'
    union all
    select conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) from pg_constraint
    where connamespace = 'public'::regnamespace`);
  return [...columns, ...others].map(({ line }) => line).sort();
}

async function typesOf(database: Database): Promise<Map<string, string>> {
  const found = await database.query<{ name: string; type: string }[]>(
    `
    select table_name || '.' || column_name as name, data_type as type from information_schema.columns
    where table_schema = 'public' and table_name = any($1)`,
    [TABLES],
  );
  return new Map(found.map(({ name, type }) => [name, type]));
}

describe('the schema', () => {
  it('is made from nothing once, also when several processes start at a time', async () => {
    const first = await emptyDatabase('at_once');
    const second = await openPool({ ...server.connection, database: 'at_once' });

    await Promise.all([migrate(first), migrate(second), migrate(first)]);

    const applied = await first.query<object[]>('select * from migrations');
    expect(applied).toHaveLength(first.migrations.length);
    await Promise.all([first.destroy(), second.destroy()]);
  });

  it('is the same after a second migration, and after one that was taken back', async () => {
    const database = await emptyDatabase('twice');
    await migrate(database);
    const schema = await schemaOf(database);

    await migrate(database);
    expect(await schemaOf(database)).toEqual(schema);

    for (let left = database.migrations.length; left > 0; left -= 1) {
      await database.undoLastMigration();
    }
    await migrate(database);
    expect(await schemaOf(database)).toEqual(schema);
    await database.destroy();
  });

  it('has every table, with sizes, digests, instants and ids of the types that were promised', async () => {
    const database = await emptyDatabase('types');
    await migrate(database);

    const types = await typesOf(database);

    expect(new Set([...types.keys()].map((name) => name.split('.')[0]))).toEqual(new Set(TABLES));
    const wrong = [...types].filter(([name, type]) => {
      if (DIGEST.test(name)) return type !== 'bytea';
      if (BIGINT.test(name)) return type !== 'bigint';
      if (INSTANT.test(name)) return type !== 'timestamp with time zone';
      if (TEXT_ID.test(name)) return type !== 'text';
      return UUID.test(name) && type !== 'uuid';
    });
    expect(wrong).toEqual([]);
    await database.destroy();
  });
});
