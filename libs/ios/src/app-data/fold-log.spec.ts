import { copyFile, readFile, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { tempFolder } from '../testing/temp-folder.js';
import { readDatabaseShape } from './database-shape.js';
import { foldLog } from './fold-log.js';

const rooms: string[] = [];
afterEach(async () => {
  for (const room of rooms.splice(0)) await rm(room, { recursive: true, force: true });
});

/** A database and its log, taken while a program has it open: `last` ran after the last checkpoint. */
async function withLog(
  last: readonly string[],
): Promise<{ readonly copy: string; readonly log: string }> {
  const { path: room } = await tempFolder();
  rooms.push(room);
  const path = join(room, 'app.sqlite');
  const database = new DatabaseSync(path);
  database.exec(
    'PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT); PRAGMA user_version = 3; PRAGMA wal_checkpoint(TRUNCATE)',
  );
  for (const statement of last) database.exec(statement);
  const [copy, log] = [join(room, 'copy'), join(room, 'copy-log')];
  await copyFile(path, copy);
  await copyFile(`${path}-wal`, log);
  database.close();
  return { copy, log };
}

const CHANGES = [
  'CREATE TABLE tag (id INTEGER PRIMARY KEY, name TEXT)',
  `INSERT INTO note (text) WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000) SELECT 'note ' || i FROM n`,
  'PRAGMA user_version = 7',
];

function notesIn(path: string): unknown {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    const integrity = database.prepare('PRAGMA integrity_check').get();
    return [integrity, database.prepare('SELECT count(*) AS notes FROM note').get()];
  } finally {
    database.close();
  }
}

describe('a log beside a database', () => {
  it('is written into a copy as SQLite would do it', async () => {
    const { copy, log } = await withLog(CHANGES);
    const before = await readDatabaseShape(copy);

    const pages = await foldLog(copy, log);

    const after = await readDatabaseShape(copy);
    expect([before?.userVersion, [...(before?.tables.keys() ?? [])]]).toEqual([3, ['note']]);
    expect(pages).toBeGreaterThan(0);
    expect([after?.userVersion, [...(after?.tables.keys() ?? [])]]).toEqual([7, ['note', 'tag']]);
    expect(notesIn(copy)).toEqual([{ integrity_check: 'ok' }, { notes: 2000 }]);
  });

  it('counts up to its last whole commit', async () => {
    const { copy, log } = await withLog(CHANGES);
    await truncate(log, (await readFile(log)).length - 1);

    await foldLog(copy, log);

    expect((await readDatabaseShape(copy))?.userVersion).toBe(3);
    expect(notesIn(copy)).toEqual([{ integrity_check: 'ok' }, { notes: 2000 }]);
  });

  it('changes nothing, and never makes a database grow without end, when it is broken anywhere', async () => {
    const { copy, log } = await withLog(CHANGES);
    const [database, bytes] = [await readFile(copy), await readFile(log)];
    const damage = fc.record({ at: fc.nat(200), value: fc.integer({ min: 1, max: 255 }) });

    await fc.assert(
      fc.asyncProperty(damage, async ({ at, value }) => {
        const broken = Buffer.from(bytes);
        broken[at] = (broken[at] ?? 0) ^ value;
        await writeFile(copy, database);
        await writeFile(log, broken);

        expect(await foldLog(copy, log)).toBe(0);
        expect((await readFile(copy)).equals(database)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});
