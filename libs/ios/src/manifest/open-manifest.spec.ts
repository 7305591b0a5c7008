import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  chmod,
  mkdir,
  readFile,
  readdir,
  rename,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { mutate, mutations } from '../testing/mutate.js';
import { onlyArchiveErrorsAsync } from '../testing/only-archive-errors.js';
import { tempFolder } from '../testing/temp-folder.js';
import { MANIFEST_SCHEMA, writeManifestDb } from '../testing/write-manifest-db.js';
import type { ManifestDbRow } from '../testing/write-manifest-db.js';
import { writeManifestBlob } from '../testing/write-manifest-blob.js';
import { fileIdOf } from './file-id.js';
import { openManifest } from './open-manifest.js';

const damaged = { code: 'BACKUP_MANIFEST_DAMAGED' };
const COLUMNS = 'fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB';

function* rows(count: number): Generator<ManifestDbRow> {
  for (let index = 0; index < count; index += 1) {
    const relativePath = `Library/file ${index}`;
    const blob = writeManifestBlob({ relativePath, size: index });
    const fileId = fileIdOf('HomeDomain', relativePath);
    yield { fileId, domain: 'HomeDomain', relativePath, flags: 1, blob };
  }
}

async function readAll(path: string): Promise<number> {
  using manifest = await openManifest(path);
  return Array.from(manifest.files()).length + manifest.domains().length + manifest.count();
}

describe('opening Manifest.db', () => {
  it('reads one marked as WAL in a folder it cannot write, and leaves nothing beside it', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    await writeManifestDb(path, rows(3));
    const before = await readFile(path);
    await chmod(path, 0o444);
    await chmod(temp.path, 0o555);

    const read = await readAll(path);

    await chmod(temp.path, 0o755);
    expect(read).toBe(3 + 1 + 3);
    expect(await readdir(temp.path)).toEqual(['Manifest.db']);
    expect(await readFile(path)).toEqual(before);
  });

  it.each([
    'with space',
    '100%25 sure',
    'why?mode=rwc',
    'part#1',
    'naïve 📱',
    'quo\'te"s',
    'back\\slash',
    'new\nline',
  ])('opens it in a folder named %j', async (name) => {
    await using temp = await tempFolder();
    await mkdir(join(temp.path, name));
    const path = join(temp.path, name, 'Manifest.db');
    await writeManifestDb(path, rows(2));

    using manifest = await openManifest(path);

    expect(manifest.count()).toBe(2);
  });

  it('takes other columns, in another order, and other tables', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    const schema = `CREATE TABLE Files (more TEXT, file BLOB, flags INTEGER, relativePath TEXT, domain TEXT, fileID TEXT PRIMARY KEY);
      CREATE TABLE Other (x); CREATE VIEW Older AS SELECT * FROM Files;`;
    await writeManifestDb(path, rows(2), { schema });

    expect(await readAll(path)).toBe(2 + 1 + 2);
  });

  it('skips walking the pages of a file that was checked before', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    await writeManifestDb(path, rows(2));

    using manifest = await openManifest(path, { checked: true });

    expect(manifest.count()).toBe(2);
  });
});

describe('a Manifest.db that is broken', () => {
  it.each([
    ['missing', undefined],
    ['empty', Buffer.alloc(0)],
    ['shorter than a header', Buffer.from('SQLite format 3\0')],
    ['something else', Buffer.alloc(8192, 'x')],
    [
      'a header with nothing behind it',
      Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(84)]),
    ],
  ])('is refused when it is %s', async (_, bytes) => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    if (bytes !== undefined) await writeFile(path, bytes);

    await expect(openManifest(path)).rejects.toMatchObject(damaged);
  });

  it('is refused when it is cut off, at a page or within one', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    await writeManifestDb(path, rows(100));
    const whole = await readFile(path);

    for (const length of [whole.length - 1, whole.length - 4096, 4096, 4095, 100, 99, 1]) {
      await writeFile(path, whole.subarray(0, length));
      await expect(openManifest(path)).rejects.toMatchObject(damaged);
    }
  });

  it('is refused when it is larger than any, without reading it', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    await writeManifestDb(path, rows(1));
    await truncate(path, 17 * 1024 ** 3);

    await expect(openManifest(path)).rejects.toMatchObject(damaged);
  });

  it('is refused when a link or a folder lies in its place', async () => {
    await using temp = await tempFolder();
    const real = join(temp.path, 'real.db');
    await writeManifestDb(real, rows(1));
    await symlink(real, join(temp.path, 'link.db'));
    await mkdir(join(temp.path, 'folder.db'));

    for (const name of ['link.db', 'folder.db'])
      await expect(openManifest(join(temp.path, name))).rejects.toMatchObject({
        code: 'BACKUP_PATH_UNSAFE',
      });
  });

  it('is refused while a log with changes lies beside it', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    await writeManifestDb(path, rows(1));
    const changing = { code: 'BACKUP_CHANGING' };

    await writeFile(`${path}-wal`, Buffer.alloc(0));
    await writeFile(`${path}-journal`, Buffer.alloc(512));
    expect(await readAll(path)).toBe(3);
    await writeFile(`${path}-wal`, Buffer.alloc(5000));
    await expect(openManifest(path)).rejects.toMatchObject(changing);
    await truncate(`${path}-wal`, 32);
    await writeFile(`${path}-journal`, Buffer.from('d9d505f920a163d7', 'hex'));
    await expect(openManifest(path)).rejects.toMatchObject(changing);
  });

  it('is refused when its pages lead in circles', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    await writeManifestDb(path, rows(2000));
    const bytes = await readFile(path);
    const interior = Array.from({ length: bytes.length / 4096 }, (_, page) => page * 4096).filter(
      (at) => bytes[at] === 5 || bytes[at] === 2,
    );
    const rightChild = (at: number): number => bytes.readUInt32BE(at + 8);

    expect(interior.length).toBeGreaterThan(1);
    for (const at of interior) {
      const twice = Buffer.from(bytes);
      twice.writeUInt32BE(bytes.readUInt32BE(at + bytes.readUInt16BE(at + 12)), at + 8);
      const itself = Buffer.from(bytes);
      itself.writeUInt32BE(at / 4096 + 1, at + 8);
      const nowhere = Buffer.from(bytes);
      nowhere.writeUInt32BE(rightChild(at) + 1_000_000, at + 8);
      for (const hostile of [twice, itself, nowhere]) {
        await writeFile(path, hostile);
        await expect(openManifest(path)).rejects.toMatchObject(damaged);
      }
    }
  });

  it('never fails in any other way, whatever bytes are changed', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    await writeManifestDb(path, rows(60));
    const bytes = await readFile(path);
    let run = 0;

    await fc.assert(
      fc.asyncProperty(mutations, async (changes) => {
        run += 1;
        const changed = join(temp.path, `${run}.db`);
        await writeFile(changed, mutate(bytes, changes));
        return onlyArchiveErrorsAsync(() => readAll(changed));
      }),
      { numRuns: 300 },
    );
  });
});

describe('a Manifest.db whose schema lies', () => {
  it.each([
    ['has no Files', 'CREATE TABLE Other (x);'],
    [
      'lacks a column',
      'CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER);',
    ],
    [
      'has a view that never ends',
      `CREATE VIEW Files AS WITH RECURSIVE n(fileID) AS (SELECT 1 UNION ALL SELECT fileID + 1 FROM n)
       SELECT fileID, '' AS domain, '' AS relativePath, 1 AS flags, NULL AS file FROM n;`,
    ],
    [
      'has a virtual table',
      'CREATE VIRTUAL TABLE Files USING fts5(fileID, domain, relativePath, flags, file);',
    ],
    [
      'computes a column',
      'CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB AS (zeroblob(1000000000)));',
    ],
  ])('is refused when it %s', async (_, schema) => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    await writeManifestDb(path, [], { schema });

    await expect(openManifest(path)).rejects.toMatchObject(damaged);
  });

  it('is read without running what else it computes', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    const schema = `CREATE TABLE Files (${COLUMNS}, more AS (hex(zeroblob(100000))), CHECK (length(fileID) > 0));
      CREATE TRIGGER Quiet AFTER DELETE ON Files BEGIN SELECT randomblob(1000000000); END;
      CREATE INDEX Costly ON Files (upper(domain));`;
    await writeManifestDb(path, rows(3), { schema });

    expect(await readAll(path)).toBe(3 + 1 + 3);
  });

  it('is not saved by an old page count in its header', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'old.db');
    await writeManifestDb(path, rows(100));
    const bytes = await readFile(path);
    bytes.writeUInt32BE(bytes.readUInt32BE(24) + 1, 92);
    await writeFile(path, bytes.subarray(0, bytes.length - 8 * 4096));
    await rename(path, join(temp.path, 'Manifest.db'));

    await expect(readAll(join(temp.path, 'Manifest.db'))).rejects.toMatchObject(damaged);
  });

  it('keeps the schema of iOS as the builders write it', () => {
    expect(MANIFEST_SCHEMA).toContain(COLUMNS);
  });
});
