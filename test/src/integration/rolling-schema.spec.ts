import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Database } from '@rootcellar/catalog';
import { MIGRATIONS } from '@rootcellar/migrations';
import type { QueryRunner } from 'typeorm';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

/**
 * The processes of one release run on the schema of the next while they are replaced one by one (docs/deployment.md: expand, migrate,
 * contract). So a migration only adds, in such a way that the release before neither misses nor has to know anything. What takes something
 * away comes a release after the last code that used it, and is listed here with that reason.
 */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  // Of columns that the release before leaves empty.
  Retention1795100000000: [
    'ck_root_bin is a new rule for root',
    'fk_root_forgotten_by is a new rule for root',
  ],
  // Of columns that the release before leaves empty, or at defaults that fit. It adds members at the first set-up only.
  Accounts1795600000000: [
    'fk_member_account is a new rule for member',
    'uq_member_account is a new rule for member',
    'fk_credential_account is a new rule for credential',
    'ck_credential_kind is a new rule for credential',
    'ck_credential_scope is a new rule for credential',
  ],
  // Of columns that the release before leaves empty.
  Privacy1795630000000: [
    'fk_device_successor_of is a new rule for device',
    'uq_device_successor_of is a new rule for device',
    'fk_audit_concerns is a new rule for audit',
  ],
  // Of a column that the release before leaves empty.
  People1795610000000: ['fk_member_hand_over_to is a new rule for member'],
};

interface Column {
  readonly name: string;
  readonly type: string;
  readonly nullable: boolean;
  readonly hasDefault: boolean;
}

interface Schema {
  readonly tables: ReadonlySet<string>;
  readonly columns: ReadonlyMap<string, Column>;
  /** Unique indexes, checks and foreign keys, by table. */
  readonly rules: readonly { readonly table: string; readonly name: string }[];
}

let server: TestServer;
let database: Database;
let runner: QueryRunner;
beforeAll(async () => {
  server = await startTestServer();
  database = await server.open();
  runner = database.createQueryRunner();
});
afterAll(async () => {
  await runner.release();
  await database.destroy();
  await server[Symbol.asyncDispose]();
});

async function schema(): Promise<Schema> {
  const columns = await database.query<(Column & { table: string })[]>(`
    select table_name as table, table_name || '.' || column_name as name, data_type as type, is_nullable = 'YES' as nullable,
      column_default is not null as "hasDefault"
    from information_schema.columns where table_schema = 'public'`);
  const rules = await database.query<{ table: string; name: string }[]>(`
    select conrelid::regclass::text as table, conname as name from pg_constraint
    where connamespace = 'public'::regnamespace and contype in ('u', 'c', 'f', 'x', 'p')
    union all select tablename, indexname from pg_indexes where schemaname = 'public' and indexdef like 'CREATE UNIQUE%'`);
  return {
    tables: new Set(columns.map(({ table }) => table)),
    columns: new Map(columns.map((column) => [column.name, column])),
    rules,
  };
}

/** What the release before would stumble over. */
function harmsIn(before: Schema, after: Schema): string[] {
  const isOld = (table: string): boolean => before.tables.has(table);
  const known = new Set(before.rules.map(({ name }) => name));
  return [
    ...[...before.columns.values()].flatMap((old) => harmOf(old, after.columns.get(old.name))),
    ...[...after.columns.values()]
      .filter(({ name }) => isOld(tableOf(name)) && !before.columns.has(name))
      .filter(({ nullable, hasDefault }) => !nullable && !hasDefault)
      .map(({ name }) => `${name} is new and must be given`),
    ...after.rules
      .filter(({ table, name }) => isOld(table) && !known.has(name))
      .map(({ table, name }) => `${name} is a new rule for ${table}`),
  ];
}

function harmOf(old: Column, now: Column | undefined): string[] {
  if (now === undefined) return [`${old.name} is gone`];
  if (now.type !== old.type) return [`${old.name} has another type`];
  if (old.nullable && !now.nullable) return [`${old.name} may not be empty any more`];
  if (old.hasDefault && !now.hasDefault) return [`${old.name} has no default any more`];
  return [];
}

function tableOf(column: string): string {
  return column.slice(0, column.indexOf('.'));
}

it('every migration leaves the release before able to work', async () => {
  const found: Record<string, string[]> = {};
  let before = await schema();
  for (const [at, Migration] of MIGRATIONS.entries()) {
    const migration = new Migration();
    await migration.up(runner);
    const after = await schema();
    const allowed = new Set(ALLOWED[migration.name]);
    const harms = harmsIn(before, after).filter((harm) => !allowed.has(harm));
    // There is no release before the first.
    if (at > 0 && harms.length > 0) found[migration.name] = harms;
    before = after;
  }

  expect(found).toEqual({});
});

it('a migration that harms would be found', async () => {
  const before = await schema();
  for (const statement of [
    `alter table app drop column subscription_from`,
    `alter table device alter column product_type set not null`,
    `alter table pack alter column payload type numeric`,
    `alter table member add column shoe_size integer not null`,
    `alter table snapshot add constraint ck_snapshot_files check (files >= 0)`,
  ])
    await runner.query(statement);

  expect(harmsIn(before, await schema()).toSorted()).toEqual([
    'app.subscription_from is gone',
    'ck_snapshot_files is a new rule for snapshot',
    'device.product_type may not be empty any more',
    'member.shoe_size is new and must be given',
    'pack.payload has another type',
  ]);
});
