import { hash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import type { ExpectedRow } from './expected-coverage.js';

jest.setTimeout(120_000);

/** Beside the repository; tests run from its root. */
const CORPUS = join(process.cwd(), '../shared/corpus');
const APP = 'sh.calaba.CalSmoke';
const OLD_ID = 'com.xamarin.CalSmoke';
const PHONE = 'Test iPhone';

/** As the files' names have it: oldest first. */
function packagesByDate(): string[] {
  const files = readdirSync(join(CORPUS, 'ipa/calsmoke'));
  const dateOf = (file: string): string => /\d{4}-\d\d-\d\d/.exec(file)?.[0] ?? '';
  return files.sort((a, b) => (dateOf(a) < dateOf(b) ? -1 : 1));
}

function goingBackOnTheCorpus(): void {
  let household: Household;
  const artifactOf = new Map<string, string>();
  beforeAll(async () => {
    household = await openHousehold();
    const { agent } = household;
    const { items } = await agent.ok('app', 'add', join(CORPUS, 'ipa/calsmoke'));
    for (const { file, artifactId } of items)
      artifactOf.set(file.split('/').at(-1) ?? '', artifactId);
    for (const name of ['unencrypted-gen1', 'unencrypted-gen2']) {
      const folder = join(CORPUS, 'backups', name);
      await agent.ok('push', join(folder, readdirSync(folder)[0] ?? ''));
    }
  });
  afterAll(async () => household.close());

  async function run<T>(...args: readonly string[]): Promise<T> {
    return (await household.agent.run(...args)).json() as unknown as T;
  }

  it('an app that changed its bundle id has one timeline once it is linked', async () => {
    await household.agent.ok('app', 'link', OLD_ID, APP);

    const { items } = await run<Schemas['TimelineDto']>('app', 'timeline', APP, '--limit', '100');

    const kept = items.flatMap(({ packages }) => packages.map(({ artifactId }) => artifactId));
    expect(kept.sort()).toEqual([...artifactOf.values()].sort());
    const versions = items.map(({ version }) => version).filter((one) => one?.startsWith('0.') === true);
    expect(versions).toEqual(['0.20.4', '0.19.2', '0.19.1', '0.19.0', '0.18.2', '0.18.1']);
    expect(items.filter(({ seen }) => seen.length > 0)).toMatchObject([
      { version: '0.20.4', seen: [{ deviceName: PHONE, installedNow: true }] },
      { version: '0.19.2', seen: [{ deviceName: PHONE, installedNow: false }] },
    ]);
  });

  it('the radar names the apps of which no package is kept, and no other', async () => {
    const { items } = await run<Schemas['GapPageDto']>('app', 'gaps');

    const missing = [...new Set(items.map(({ bundleId }) => bundleId))].sort();
    expect(missing).toEqual(['com.icyleaf.test.Demo', 'org.fastlane.very-capable-app']);
  });

  it('neighbours are compared without taking them out of the vault', async () => {
    const files = packagesByDate();
    for (const [at, later] of files.entries()) {
      const earlier = files[at - 1];
      if (earlier === undefined) continue;
      const changes = await run<Schemas['PackageChangesDto']>(
        ...['app', 'diff', artifactOf.get(earlier) ?? '', artifactOf.get(later) ?? ''],
      );
      const { added, changed, same } = changes.files;
      expect([later, added + changed + same > 0, changes.stored.newBytes > 0]).toEqual([
        ...[later, true, true],
      ]);
    }
  });

  it('goes back a week: the package bit for bit, every file of the app as it was', async () => {
    const plan = await run<Schemas['RollbackPlanDto']>('rollback', 'plan', APP, '--device', PHONE);
    const kit = join(household.room, 'kit');

    await household.agent.ok('rollback', 'kit', plan.id, '--to', kit);

    expect(plan).toMatchObject({ target: { version: '0.19.2' }, data: { sameVersion: true } });
    const ipa = readFileSync(join(kit, 'package', `${APP}-0.19.2.ipa`));
    expect(
      ipa.equals(readFileSync(join(CORPUS, 'ipa/calsmoke', plan.target?.fileName ?? ''))),
    ).toBe(true);
    const files = appRows('unencrypted-gen1').filter(({ flags }) => flags === 1);
    expect(files.length).toBeGreaterThan(20);
    for (const { domain, path, sha256 } of files)
      expect([path, hash('sha256', readFileSync(join(kit, 'data', domain, path)))]).toEqual([
        ...[path, sha256],
      ]);
  });
}

type Row = ExpectedRow & { readonly sha256?: string; readonly flags: number };

function appRows(backup: string): Row[] {
  const file = join(CORPUS, 'expected', `${backup}.json`);
  const { rows } = JSON.parse(readFileSync(file, 'utf8')) as { readonly rows: readonly Row[] };
  return rows.filter(({ domain }) => domain.includes(APP));
}

// Registered only where the corpus lies beside the repository; nothing is skipped where it does not.
if (existsSync(CORPUS)) {
  describe('going back on the corpus', () => {
    goingBackOnTheCorpus();
  });
} else {
  describe('the corpus is not beside the repository, so nobody goes back on it', () => {
    it('is looked for in ../shared/corpus', () => {
      expect(CORPUS).toMatch(/shared.corpus$/);
    });
  });
}
