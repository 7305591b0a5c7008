import { hash } from 'node:crypto';
import { existsSync, globSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { differences, openHousehold } from '@rootcellar/testkit';
import type { Answer, Household } from '@rootcellar/testkit';
import { amountOf, appAmountOf, coverageOf, domainsOf } from './expected-coverage.js';
import type { Coverage, ExpectedRow } from './expected-coverage.js';

jest.setTimeout(120_000);

/** Beside the repository; tests run from its root. */
const CORPUS = join(process.cwd(), '../shared/corpus');
const AT_A_TIME = 4;

interface ExpectedBackup {
  readonly name: string;
  readonly udid: string;
  readonly encrypted: boolean;
  readonly files: number;
  readonly installedApplications: readonly string[];
  readonly rows: readonly ExpectedRow[];
}

function expectedBackups(): ExpectedBackup[] {
  return readdirSync(join(CORPUS, 'expected')).map((file) => ({
    ...(JSON.parse(readFileSync(join(CORPUS, 'expected', file), 'utf8')) as ExpectedBackup),
    name: file.replace('.json', ''),
  }));
}

/** What the tables of `corpus/README.md` say of packages: `bundle id` version (build), or what is wrong with them. */
function expectedPackages(): Map<string, string> {
  const lines = readFileSync(join(CORPUS, 'README.md'), 'utf8').split('\n');
  const cells = lines.map((line) => line.split('|').map((cell) => cell.trim()));
  return new Map(
    cells.flatMap(([, file = '', bytes = '', , what = '']) =>
      file.endsWith('.ipa') && /^\d+$/.test(bytes) ? [[join(CORPUS, file), what]] : [],
    ),
  );
}

function refusalOf(what: string): string | undefined {
  if (what.includes('not a zip')) return 'PACKAGE_NOT_ZIP';
  if (what.includes('no Payload/')) return 'PACKAGE_NO_APP';
  return what.includes('None (None)') ? 'PACKAGE_NO_VERSION' : undefined;
}

function verifyAsExpected(item: Answer, what: string): void {
  const refusal = refusalOf(what);
  const [, bundleId, version, build] = /^`([^`]+)` (\S+) \(([^)]+)\)/.exec(what) ?? [];
  if (refusal !== undefined) {
    expect(item).toMatchObject({ status: 'refused', code: refusal });
  } else {
    expect(item.status).toBe('added');
    if (bundleId !== undefined) expect(item).toMatchObject({ bundleId, version, build });
  }
}

/** Counts and bytes by domain and app; of an encrypted backup, what its lists and stored files say, and nothing of its content. */
function verifyCoverage(coverage: Coverage, backup: ExpectedBackup, folder: string): void {
  const { encrypted, files, rows, installedApplications } = backup;
  const stored = globSync('??/*', { cwd: folder }).map((path) => statSync(join(folder, path)).size);
  const bytes = stored.reduce((sum, size) => sum + size, 0);
  const apps = coverage.apps.filter(({ presence }) => presence === 'installed');
  const uncertain = coverage.checklist.filter(({ reason }) => reason === 'password');

  expect(coverage.payloads).toEqual({ files, bytes });
  expect(apps.map(({ bundleId }) => bundleId)).toEqual([...installedApplications].sort());
  expect(uncertain).toHaveLength(encrypted ? 2 : 0);
  if (encrypted) {
    expect(coverage).toMatchObject({ counted: false, total: null, areas: [], domains: [] });
    for (const app of apps) expect(app).toMatchObject({ content: 'unknown', amount: null });
  } else {
    expect(coverage.total).toEqual(amountOf(rows, () => true));
    expect(coverage.domains).toEqual(domainsOf(rows));
    for (const { bundleId, amount } of coverage.apps)
      expect([bundleId, amount]).toEqual([bundleId, appAmountOf(rows, bundleId)]);
  }
}

function keepingTheCorpus(): void {
  let household: Household;
  beforeAll(async () => {
    household = await openHousehold();
  });
  afterAll(async () => household.close());

  it.each(expectedBackups())('the backup $name comes back bit for bit', async (backup) => {
    const { agent, room } = household;
    const { name, udid, encrypted, rows } = backup;
    const folder = join(CORPUS, 'backups', name, udid);

    const pushed = await agent.ok('push', folder);
    const restored = await agent.ok('restore', pushed.snapshotId, '--to', join(room, name));
    const shown = await agent.ok('snapshot', 'show', pushed.snapshotId);

    expect(await differences(folder, restored.path)).toEqual([]);
    expect(shown).toMatchObject({ udid, encrypted, complete: true });
    verifyCoverage(coverageOf(shown), backup, folder);
    const looked = await agent.run('snapshot', 'ls', pushed.snapshotId);
    const domains = encrypted ? looked.json().error.code : looked.json().items.map(({ id }) => id);
    const listed = [...new Set(rows.map(({ domain }) => domain))].sort();
    expect(domains).toEqual(encrypted ? 'BACKUP_ENCRYPTED' : listed);
  });

  it('every package is kept or refused as its table says, and given back bit for bit', async () => {
    const { agent, room } = household;
    const packages = globSync('ipa/**/*.ipa', { cwd: CORPUS }).map((file) => join(CORPUS, file));

    const { items } = (await agent.run('app', 'add', join(CORPUS, 'ipa'))).json();

    expect(items.map(({ file }) => file).sort()).toEqual(packages.sort());
    const expected = expectedPackages();
    for (const item of items) verifyAsExpected(item, expected.get(item.file) ?? '');
    const added = items.filter(({ status }) => status === 'added');
    for (let at = 0; at < added.length; at += AT_A_TIME) {
      await Promise.all(
        added.slice(at, at + AT_A_TIME).map(async ({ file, artifactId }) => {
          const to = join(room, `${artifactId}.ipa`);
          await agent.ok('app', 'get', artifactId, '--to', to);
          expect(hash('sha256', readFileSync(to))).toBe(hash('sha256', readFileSync(file)));
        }),
      );
    }
  });

  it('leaves a clean vault', async () => {
    expect(await household.agent.ok('admin', 'scrub')).toMatchObject({ clean: true });
  });
}

// Registered only where the corpus lies beside the repository; nothing is skipped where it does not.
if (existsSync(CORPUS)) {
  describe('the corpus', () => {
    keepingTheCorpus();
  });
} else {
  describe('the corpus is not beside the repository, so nothing of it is tested', () => {
    it('is looked for in ../shared/corpus', () => {
      expect(CORPUS).toMatch(/shared.corpus$/);
    });
  });
}
