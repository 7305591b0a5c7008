import { isArchiveError } from '@rootcellar/model';
import { describe, expect, it } from '@jest/globals';
import { existsSync, globSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { hash } from 'node:crypto';
import {
  CoverageTally,
  comparePackages,
  createManifestJoin,
  describePackage,
  fileIdOf,
  inspectBackupFolder,
  inspectPackage,
  openManifest,
  parseManifestBlob,
  readerOfBytes,
} from './index.js';
import type { PackageDescription, PackageFacts } from './index.js';

/** Beside the repository; tests run from its root. */
const CORPUS = join(process.cwd(), '../shared/corpus');

interface ExpectedRow {
  readonly fileID: string;
  readonly domain: string;
  readonly path: string;
  readonly flags: 1 | 2 | 4;
  readonly mode: string;
  readonly mtime: number;
  readonly protectionClass: number;
  readonly size?: number;
}

interface ExpectedBackup {
  readonly udid: string;
  readonly deviceName: string;
  readonly productType: string;
  readonly productVersion: string;
  readonly encrypted: boolean;
  readonly installedApplications: readonly string[];
  readonly files: number;
  readonly rows: readonly ExpectedRow[];
}

/** What `corpus/README.md` says of a package, or the code it is refused with. */
interface ExpectedPackage {
  readonly file: string;
  readonly what: string;
}

const TYPES = { 1: 'file', 2: 'folder', 4: 'link' } as const;

function expectedBackups(): [name: string, expected: ExpectedBackup][] {
  return readdirSync(join(CORPUS, 'expected')).map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(join(CORPUS, 'expected', file), 'utf8')) as ExpectedBackup,
  ]);
}

function expectedPackages(): ExpectedPackage[] {
  const lines = readFileSync(join(CORPUS, 'README.md'), 'utf8').split('\n');
  return lines
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .flatMap(([, file = '', bytes = '', , what = '']) =>
      file.endsWith('.ipa') && /^\d+$/.test(bytes) && existsSync(join(CORPUS, file))
        ? [{ file, what }]
        : [],
    );
}

/** In the order of their file names' dates. */
const NEIGHBOURS = calSmoke().flatMap((file, at, all) =>
  at === 0 ? [] : [[all[at - 1] ?? '', file] as const],
);

function calSmoke(): string[] {
  const date = (file: string): string => /\d{4}-\d\d-\d\d/.exec(file)?.[0] ?? '';
  const files = globSync('ipa/calsmoke/*.ipa', { cwd: CORPUS });
  return files.sort((a, b) => date(a).localeCompare(date(b)));
}

function describeFile(file: string): Promise<PackageDescription> {
  const bytes = readFileSync(join(CORPUS, file));
  return describePackage(readerOfBytes(bytes), { size: bytes.length });
}

function inspectFile(file: string): Promise<PackageFacts> {
  const bytes = readFileSync(join(CORPUS, file));
  return inspectPackage(readerOfBytes(bytes), { size: bytes.length });
}

/** The columns of the table in words: `com.x` 1.0 (1), binary Info.plist, 13 entries, min iOS 6.0, … */
function verifyAgainstTable(facts: PackageFacts, what: string): void {
  const [, bundleId, version, build] = /^`([^`]+)` (\S+) \(([^)]+)\)/.exec(what) ?? [];
  const fact = (form: RegExp): string | undefined => form.exec(what)?.[1];

  expect(facts).toMatchObject({ bundleId, version, build });
  expect(facts.entries).toBe(Number(fact(/(\d+) entries/)));
  expect(facts.minimumOs).toBe(fact(/min iOS ([\d.]+)/));
  expect(facts.frameworks).toBe(Number(fact(/(\d+) frameworks/) ?? 0));
  expect(facts.extensions).toBe(what.includes('app extension') ? 1 : 0);
  expect(facts.artwork?.startsWith('Payload/') ?? false).toBe(
    what.includes('iTunesArtwork inside the .app'),
  );
}

function refusalOf(what: string): string | undefined {
  if (what.includes('not a zip')) return 'PACKAGE_NOT_ZIP';
  if (what.includes('no Payload/')) return 'PACKAGE_NO_APP';
  return what.includes('None (None)') ? 'PACKAGE_NO_VERSION' : undefined;
}

// Registered only where the corpus lies beside the repository; nothing is skipped where it does not.
if (existsSync(CORPUS)) {
  describe('the backups of the corpus', () => {
    it.each(expectedBackups())('%s is what its list says', async (name, expected) => {
      const folder = join(CORPUS, 'backups', name, expected.udid);

      const { facts, manifestReadable } = await inspectBackupFolder(folder);

      const { udid, deviceName, productType, productVersion, encrypted } = expected;
      expect(facts).toMatchObject({
        udid,
        deviceName,
        productType,
        productVersion,
        encrypted,
        finished: true,
      });
      expect(facts.installedApps.map(({ bundleId }) => bundleId)).toEqual(
        [...expected.installedApplications].sort(),
      );
      expect(manifestReadable).toBe(!encrypted);
    });

    it.each(expectedBackups().filter(([, { encrypted }]) => !encrypted))(
      '%s has the rows its list says, with their payloads',
      async (name, expected) => {
        const folder = join(CORPUS, 'backups', name, expected.udid);
        using manifest = await openManifest(join(folder, 'Manifest.db'));
        const join_ = createManifestJoin(manifest.files());
        const payloads = globSync('??/*', { cwd: folder })
          .map((path) => path.slice(3))
          .sort();

        const rows = [...manifest.files()].map(({ blob, ...row }) => {
          const {
            mode = 0,
            lastModified,
            protectionClass,
            size,
          } = parseManifestBlob(blob ?? Buffer.alloc(0));
          return {
            ...row,
            mode: `0o${mode.toString(8)}`,
            mtime: lastModified,
            protectionClass,
            ...(row.type === 'file' ? { size } : {}),
          };
        });

        const listed = expected.rows.map(({ fileID, path, flags, domain, ...row }) => {
          const { mode, mtime, protectionClass, size } = row;
          const common = {
            fileId: fileID,
            domain,
            relativePath: path,
            type: TYPES[flags],
            mode,
            mtime,
            protectionClass,
          };
          return size === undefined ? common : { ...common, size };
        });
        expect(rows).toEqual(listed.sort((a, b) => (a.fileId < b.fileId ? -1 : 1)));
        for (const { domain, relativePath, fileId } of rows)
          expect(fileIdOf(domain, relativePath)).toBe(fileId);
        for (const fileId of payloads) {
          const { digest } = join_.expect(fileId) ?? {};
          const payload = readFileSync(join(folder, fileId.slice(0, 2), fileId));
          expect(digest ?? hash('sha1', payload, 'buffer')).toEqual(
            hash('sha1', payload, 'buffer'),
          );
        }
        expect(join_.finish()).toEqual({
          files: expected.files,
          missing: 0,
          firstMissing: [],
          unlisted: 0,
          unreadable: 0,
        });
      },
    );
  });

  describe('the coverage of a backup of the corpus', () => {
    it.each(expectedBackups().filter(([, { encrypted }]) => !encrypted))(
      '%s is what its rows add up to, by domain and by app',
      async (name, expected) => {
        const folder = join(CORPUS, 'backups', name, expected.udid);
        using manifest = await openManifest(join(folder, 'Manifest.db'));
        const { facts } = await inspectBackupFolder(folder);
        const tally = new CoverageTally();
        for (const { type, domain, relativePath: path, blob } of manifest.files()) {
          const { size } = parseManifestBlob(blob ?? Buffer.alloc(0));
          if (type === 'file') tally.add({ domain, path, bytes: size });
        }

        const { domains, apps } = tally.finish(facts.encrypted, facts.installedApps);

        const files = expected.rows.filter(({ flags }) => flags === 1);
        const amountOf = (...prefixes: readonly string[]): object => {
          const rows = files.filter(({ domain }) =>
            prefixes.some(
              (each) => domain === each || (each.endsWith('.') && domain.startsWith(each)),
            ),
          );
          const bytes = rows.reduce((sum, { size = 0 }) => sum + size, 0);
          return { files: rows.length, bytes, missingFiles: 0 };
        };
        expect(domains).toEqual(
          [...new Set(files.map(({ domain }) => domain))]
            .sort()
            .map((domain) => ({ domain, ...amountOf(domain) })),
        );
        for (const app of apps.filter(({ groups }) => groups.length === 0))
          expect(app).toMatchObject(
            amountOf(`AppDomain-${app.bundleId}`, `AppDomainPlugin-${app.bundleId}.`),
          );
        expect(apps.map(({ bundleId }) => bundleId)).toEqual(
          expect.arrayContaining([...expected.installedApplications]),
        );
      },
    );
  });

  describe('the packages of the corpus', () => {
    it.each(
      expectedPackages().filter(
        ({ what }) => what.startsWith('`') && refusalOf(what) === undefined,
      ),
    )('$file is what the table says', async ({ file, what }) => {
      const facts = await inspectFile(file);

      verifyAgainstTable(facts, what);
    });

    it.each(expectedPackages().filter(({ what }) => refusalOf(what) !== undefined))(
      '$file is refused as the table says',
      async ({ file, what }) => {
        await expect(inspectFile(file)).rejects.toMatchObject({ code: refusalOf(what) });
      },
    );

    it.each(['1.1', '1.2', '1.3'])(
      'version %s of a store item is told by its external id',
      async (version) => {
        const facts = await inspectFile(`ipa/appstore-layout/chou-store-${version}.ipa`);

        expect(facts).toMatchObject({
          bundleId: 'com.xamarin.chou',
          storeVersion: version,
          externalVersionId: `83000${version.slice(2)}000`,
          itemId: '1234567890',
          hasSinf: true,
          artwork: 'iTunesArtwork',
          appleIdPresent: true,
          metadataProblem: undefined,
        });
      },
    );

    it.each(NEIGHBOURS)('$0 and $1 differ by what their files say', async (one, other) => {
      const [before, after] = [await describeFile(one), await describeFile(other)];

      const changes = comparePackages(before, after, { largest: 10_000 });

      const { added, removed, changed, same, largest } = changes.files;
      expect(added + changed + same).toBe(after.files.size);
      expect(removed + changed + same).toBe(before.files.size);
      expect(largest).toHaveLength(added + removed + changed);
      const grown = largest.reduce(
        (sum, { bytesBefore = 0, bytesAfter = 0 }) => sum + bytesAfter - bytesBefore,
        0,
      );
      expect(grown).toBe(changes.bytes.after - changes.bytes.before);
      expect(changes.bundleId !== undefined).toBe(before.bundleId !== after.bundleId);
      expect(comparePackages(before, before).files).toMatchObject({ added: 0, changed: 0 });
    });

    it('are none of them packages for Android', async () => {
      const files = globSync('apk/**/*.apk', { cwd: CORPUS });

      const codes = await Promise.all(
        files.map((file) =>
          inspectFile(file).catch((error: unknown) => isArchiveError(error) && error.code),
        ),
      );

      expect(new Set(codes)).toEqual(new Set(['PACKAGE_NO_APP']));
    });
  });
} else {
  describe('the corpus is not beside the repository, so nothing of it is tested', () => {
    it('is looked for in ../shared/corpus', () => {
      expect(CORPUS).toMatch(/shared.corpus$/);
    });
  });
}
