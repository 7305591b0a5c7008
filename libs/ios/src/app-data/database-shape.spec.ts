import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tempFolder } from '../testing/temp-folder.js';
import { readDatabaseShape } from './database-shape.js';

let room: string;
beforeAll(async () => {
  room = (await tempFolder()).path;
});
afterAll(async () => rm(room, { recursive: true, force: true }));

let made = 0;
function database(...statements: readonly string[]): string {
  made += 1;
  const path = join(room, `${String(made)}.sqlite`);
  const open = new DatabaseSync(path);
  for (const statement of statements) open.exec(statement);
  open.close();
  return path;
}

describe('the form of a database', () => {
  it('is its own number, and its tables with their columns', async () => {
    const path = database(
      'CREATE TABLE Song (id INTEGER PRIMARY KEY, Title TEXT, seconds AS (id * 2))',
      'CREATE TABLE "odd "" name" (a)',
      'CREATE INDEX by_title ON Song (Title)',
      'CREATE VIEW titles AS SELECT Title FROM Song',
      'PRAGMA user_version = 41',
      'PRAGMA application_id = 7',
    );

    expect(await readDatabaseShape(path)).toEqual({
      ...{ userVersion: 41, applicationId: 7, cutOff: false },
      tables: new Map([
        ['odd " name', ['a']],
        ['song', ['id', 'seconds', 'title']],
      ]),
    });
  });

  it('leaves virtual tables alone: their code would run', async () => {
    const path = database('CREATE VIRTUAL TABLE search USING fts5(text)', 'CREATE TABLE a (b)');

    const tables = [...((await readDatabaseShape(path))?.tables.keys() ?? [])];

    expect(tables).toContain('a');
    expect(tables).not.toContain('search');
  });

  it('is not known of what is no database', async () => {
    const path = join(room, 'text');
    await writeFile(path, 'a note');

    expect(await readDatabaseShape(path)).toBeUndefined();
    expect(await readDatabaseShape(join(room, 'nothing'))).toBeUndefined();
  });

  it('is known or not of a damaged one, and nothing else happens', async () => {
    const path = database('CREATE TABLE a (b, c)', 'INSERT INTO a VALUES (1, 2)');
    const bytes = await readFile(path);
    const damaged = join(room, 'damaged');
    const damage = fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { minLength: 1 });

    await fc.assert(
      fc.asyncProperty(damage, async (changes) => {
        const broken = Buffer.from(bytes);
        for (const [at, value] of changes) broken[at] = value;
        await writeFile(damaged, broken);

        const shape = await readDatabaseShape(damaged);

        expect(shape === undefined || shape.tables instanceof Map).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});
