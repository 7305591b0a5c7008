import { describe, expect, it } from '@jest/globals';
import { join } from 'node:path';
import { tempFolder } from '../testing/temp-folder.js';
import type { TempFolder } from '../testing/temp-folder.js';
import { writeManifestDb } from '../testing/write-manifest-db.js';
import type { ManifestDbRow } from '../testing/write-manifest-db.js';
import { writeManifestBlob } from '../testing/write-manifest-blob.js';
import { fileIdOf } from './file-id.js';
import { openManifest } from './open-manifest.js';
import type { Manifest, ManifestCursor } from './manifest.js';
import { parseManifestBlob } from './parse-manifest-blob.js';

/** A row as a device writes it, or with something else in its columns. */
function row(
  domain: string,
  relativePath: string,
  change: Partial<ManifestDbRow> = {},
): ManifestDbRow {
  return { ...plain(domain, relativePath), ...change };
}

function plain(domain: string, relativePath: string, flags = 1): PlainRow {
  const blob = writeManifestBlob({ relativePath, size: relativePath.length });
  return { fileId: fileIdOf(domain, relativePath), domain, relativePath, flags, blob };
}

interface PlainRow extends ManifestDbRow {
  readonly fileId: string;
  readonly domain: string;
  readonly relativePath: string;
}

async function manifestOf(temp: TempFolder, rows: Iterable<ManifestDbRow>): Promise<Manifest> {
  const path = join(temp.path, 'Manifest.db');
  await writeManifestDb(path, rows);
  return openManifest(path);
}

const ROWS = [
  plain('HomeDomain', '', 2),
  plain('HomeDomain', 'Library', 2),
  plain('HomeDomain', 'Library/SMS/sms.db'),
  plain('HomeDomain', 'Library/SMS2/other.db'),
  plain('HomeDomain', 'Library/SMS', 2),
  plain('HomeDomain', 'Library/Link', 4),
  plain('AppDomain-com.example.app', 'Documents/a'),
  plain('CameraRollDomain', 'Media/1.jpg'),
];

function pathsOf(manifest: Manifest, limit: number): string[] {
  const paths: string[] = [];
  let after: ManifestCursor | undefined;
  do {
    const page = manifest.page({ limit, after });
    paths.push(...page.rows.map(({ domain, relativePath }) => `${domain}/${relativePath}`));
    after = page.next;
  } while (after !== undefined);
  return paths;
}

describe('streaming the rows of a manifest', () => {
  it('gives them in order of fileID, with their blobs', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, ROWS);

    const rows = [...manifest.files()];

    expect(rows.map(({ fileId }) => fileId)).toEqual(ROWS.map(({ fileId }) => fileId).sort());
    const sms = rows.find(({ relativePath }) => relativePath === 'Library/SMS/sms.db');
    expect(sms).toMatchObject({ domain: 'HomeDomain', type: 'file' });
    expect(parseManifestBlob(sms?.blob ?? Buffer.alloc(0)).size).toBe(18);
  });

  it('goes on after a fileID', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, ROWS);
    const all = [...manifest.files()];

    const rest = [...manifest.files({ after: all[2]?.fileId })];

    expect(rest).toEqual(all.slice(3));
  });

  it('gives a domain, or a path and what is below it', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, ROWS);

    const camera = [...manifest.files({ domain: 'CameraRollDomain' })];
    const sms = [...manifest.files({ domain: 'HomeDomain', pathPrefix: 'Library/SMS' })];

    expect(camera.map(({ relativePath }) => relativePath)).toEqual(['Media/1.jpg']);
    expect(sms.map(({ relativePath }) => relativePath).sort()).toEqual([
      'Library/SMS',
      'Library/SMS/sms.db',
    ]);
  });

  it('may be left before its end, and read twice at a time', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, ROWS);
    const one = manifest.files();
    const other = manifest.files();

    const pairs = [one.next().value, other.next().value, one.next().value, other.next().value];
    one.return();

    expect(pairs[0]).toEqual(pairs[1]);
    expect(pairs[2]).toEqual(pairs[3]);
    expect([...manifest.files()]).toHaveLength(ROWS.length);
  });

  it('takes a row for what its flags say, however much its blob looks like a link', async () => {
    await using temp = await tempFolder();
    const blob = writeManifestBlob({ mode: 0o120777, target: '../../etc/passwd' });
    using manifest = await manifestOf(temp, [row('HomeDomain', 'x', { blob })]);

    const [file] = [...manifest.files()];

    expect(file?.type).toBe('file');
    expect(parseManifestBlob(file?.blob ?? Buffer.alloc(0)).mode).toBe(0o120777);
  });

  it('keeps rows of kinds it does not know as such', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, [row('HomeDomain', 'x', { flags: 8, blob: null })]);

    expect([...manifest.files()]).toMatchObject([{ type: 'other', blob: undefined }]);
  });
});

describe('browsing a manifest', () => {
  it('gives pages by domain and path that fit together at every size', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, ROWS);
    const expected = ROWS.map(({ domain, relativePath }) => `${domain}/${relativePath}`).sort();

    const bySize = [1, 2, 3, 7, 8, 1000].map((limit) => pathsOf(manifest, limit));

    for (const paths of bySize) expect(paths).toEqual(expected);
  });

  it('tells two rows of one path apart', async () => {
    await using temp = await tempFolder();
    const twin = row('HomeDomain', 'Library', { fileId: 'f'.repeat(40) });
    using manifest = await manifestOf(temp, [...ROWS, twin]);

    expect(pathsOf(manifest, 1)).toHaveLength(ROWS.length + 1);
  });

  it('gives a page of one domain and below one path', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, ROWS);

    const { rows, next } = manifest.page({ domain: 'HomeDomain', pathPrefix: 'Library', limit: 2 });

    expect(rows.map(({ relativePath }) => relativePath)).toEqual(['Library', 'Library/Link']);
    expect(next).toEqual({
      domain: 'HomeDomain',
      relativePath: 'Library/Link',
      fileId: fileIdOf('HomeDomain', 'Library/Link'),
    });
  });

  it('lists the domains with how much is in each', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, ROWS);

    expect(manifest.domains()).toEqual([
      { domain: 'AppDomain-com.example.app', entries: 1, files: 1 },
      { domain: 'CameraRollDomain', entries: 1, files: 1 },
      { domain: 'HomeDomain', entries: 6, files: 2 },
    ]);
    expect(manifest.domainNames()).toEqual(manifest.domains().map(({ domain }) => domain));
    expect(manifest.domains('AppDomain-com.example.app', 1)).toMatchObject([
      { domain: 'CameraRollDomain' },
    ]);
  });

  it('finds one row, and none', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, ROWS);

    expect(manifest.row(fileIdOf('CameraRollDomain', 'Media/1.jpg'))).toMatchObject({
      relativePath: 'Media/1.jpg',
    });
    expect(manifest.row('0'.repeat(40))).toBeUndefined();
  });
});

describe('a manifest whose rows lie', () => {
  it.each([
    '../../etc/passwd',
    'Library/../../x',
    'Library/..',
    '..',
    './x',
    '/etc/passwd',
    '/',
    'a\0b',
    'x'.repeat(5000),
    'ü'.repeat(2500),
  ])('is refused when it has the path %j', async (path) => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, [row('HomeDomain', path)]);
    const unsafe = expect.objectContaining({ code: 'BACKUP_PATH_UNSAFE' });

    expect(() => [...manifest.files()]).toThrow(unsafe);
    expect(() => manifest.page({ limit: 10 })).toThrow(unsafe);
    expect(() => [...manifest.files()]).not.toThrow(/etc/);
  });

  it.each(['', '..', '.', 'Home/Domain', '/', 'a\0'])(
    'is refused when it has the domain %j',
    async (domain) => {
      await using temp = await tempFolder();
      using manifest = await manifestOf(temp, [row(domain, 'x')]);

      const unsafe = expect.objectContaining({ code: 'BACKUP_PATH_UNSAFE' });
      expect(() => [...manifest.files()]).toThrow(unsafe);
      expect(() => manifest.domains()).toThrow(unsafe);
      expect(() => manifest.domainNames()).toThrow(unsafe);
    },
  );

  it('is read when its names are odd but lead nowhere', async () => {
    await using temp = await tempFolder();
    const paths = [
      'a\\..\\b',
      '...',
      'a/..b',
      'C:',
      'a//b',
      'x'.repeat(4096),
      'Icon\r',
      'con',
      ' ',
    ];
    using manifest = await manifestOf(
      temp,
      paths.map((path) => row('HomeDomain', path)),
    );

    const read = [...manifest.files()].map(({ relativePath }) => relativePath);

    expect(read.sort()).toEqual(paths.sort());
  });

  it.each([
    ['a fileID in upper case', { fileId: 'A'.repeat(40) }],
    ['a fileID that is a path', { fileId: '../../../../etc/passwd' }],
    ['a fileID of bytes', { fileId: Buffer.alloc(20) }],
    ['no fileID', { fileId: null }],
    ['a number as domain', { domain: Buffer.from('HomeDomain') }],
    ['no path', { relativePath: null }],
    ['flags that are text', { flags: 'file' }],
    ['flags beyond what is exact', { flags: 2n ** 62n }],
    ['a blob of 5 MiB', { blob: Buffer.alloc(5 * 1024 * 1024) }],
  ] as const)('is refused when it has %s', async (_, change) => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, [row('HomeDomain', 'x', change)]);

    expect(() => [...manifest.files()]).toThrow(
      expect.objectContaining({ code: 'BACKUP_MANIFEST_DAMAGED' }),
    );
  });

  it('is refused when a domain is none at all', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, [row('HomeDomain', 'x', { domain: null })]);

    const damaged = expect.objectContaining({ code: 'BACKUP_MANIFEST_DAMAGED' });
    expect(() => [...manifest.files()]).toThrow(damaged);
    expect(() => manifest.domains()).toThrow(damaged);
    expect(() => manifest.domainNames()).toThrow(damaged);
  });

  it('has no blob where something else stands in its place', async () => {
    await using temp = await tempFolder();
    using manifest = await manifestOf(temp, [row('HomeDomain', 'x', { blob: 'text' })]);

    expect([...manifest.files()]).toMatchObject([{ blob: undefined }]);
  });

  it('is refused when it lists a file twice', async () => {
    await using temp = await tempFolder();
    const path = join(temp.path, 'Manifest.db');
    const schema =
      'CREATE TABLE Files (fileID TEXT, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);';
    await writeManifestDb(path, [row('HomeDomain', 'x'), row('HomeDomain', 'x')], { schema });
    using manifest = await openManifest(path);

    expect(() => [...manifest.files()]).toThrow(
      expect.objectContaining({ code: 'BACKUP_MANIFEST_DAMAGED' }),
    );
  });
});

describe('the rows of a manifest in the order of a tree', () => {
  it('gives folders right before what is in them, whatever their names hold', async () => {
    await using temp = await tempFolder();
    const paths = ['a-b', 'a', 'a/x', 'a//y', 'a.c/z', 'a/x-1'];
    using manifest = await manifestOf(
      temp,
      paths.map((path) => plain('HomeDomain', path)),
    );

    const rows = [...manifest.inPathOrder({ domain: 'HomeDomain' })];

    expect(rows.map(({ relativePath }) => relativePath)).toEqual([
      'a',
      'a/x',
      'a/x-1',
      'a//y',
      'a-b',
      'a.c/z',
    ]);
  });
});
