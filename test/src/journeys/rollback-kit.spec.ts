import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { buildBackup, buildPackage, writeXmlPlist } from '@rootcellar/ios/testing';
import type { BackupFileSpec, BuiltBackup } from '@rootcellar/ios/testing';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { fromBufferPromise } from 'yauzl';
import { appDatabase } from '../app-database.js';

type Plan = Schemas['RollbackPlanDto'];

const APP = 'com.example.songs';
const DOMAIN = `AppDomain-${APP}`;
const GROUP = `AppDomainGroup-group.${APP}`;
/** Called after its makers: only the package's entitlements say that the app uses it. */
const MAKERS = 'group.songmakers.shared';
const NAME = 'Phone of Ada';

let household: Household;
let then: BuiltBackup;
let plan: Plan;
let ipa: Buffer;
beforeAll(async () => {
  household = await openHousehold();
  const { agent, room } = household;
  const entitlements = writeXmlPlist({ 'com.apple.security.application-groups': [MAKERS] });
  ipa = buildPackage({
    ...{ bundleId: APP, name: 'Songs', version: '3.0', build: '30' },
    executable: { entitlements },
  });
  const library = join(room, 'library');
  await mkdir(library);
  await writeFile(join(library, 'old.ipa'), ipa);
  await agent.ok('app', 'add', library);
  then = await backup('3.0', '2026-01-01T10:00:00Z');
  await agent.ok('push', then.folder);
  await agent.ok('push', (await backup('4.0', '2026-01-09T10:00:00Z')).folder);
  plan = await run<Plan>('rollback', 'plan', APP, '--device', NAME);
});
afterAll(async () => household.close());

async function backup(version: string, takenAt: string): Promise<BuiltBackup> {
  const { room } = household;
  const { database } = await appDatabase(room, [
    'CREATE TABLE song (id INTEGER PRIMARY KEY)',
    `PRAGMA user_version = ${version === '3.0' ? '3' : '4'}`,
  ]);
  const files: BackupFileSpec[] = [
    { domain: DOMAIN, path: '', type: 'folder' },
    { domain: DOMAIN, path: 'Library/songs.sqlite', content: database },
    { domain: DOMAIN, path: 'Documents/naïve 📱.txt', content: version },
    { domain: DOMAIN, path: String.raw`Documents/back\slash`, content: 'odd' },
    { domain: DOMAIN, path: 'Documents/two\nlines', content: 'odder' },
    { domain: DOMAIN, path: 'Documents/empty', content: '' },
    { domain: DOMAIN, path: 'tmp', type: 'folder' },
    { domain: GROUP, path: 'shared.txt', content: 'group' },
    { domain: `AppDomainGroup-${MAKERS}`, path: 'list.txt', content: 'of the makers' },
    { domain: `AppDomainPlugin-${APP}.widget`, path: 'widget.txt', content: 'widget' },
    { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: 'not for the kit' },
  ];
  return buildBackup(join(room, `backup of ${version}`), {
    ...{ deviceName: NAME, takenAt: new Date(takenAt), files },
    apps: [{ bundleId: APP, name: 'Songs', version, build: `${version[0] ?? ''}0` }],
  });
}

async function run<T>(...args: readonly string[]): Promise<T> {
  return (await household.agent.ok(...args)) as unknown as T;
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const appFiles = (): BuiltBackup['files'] =>
  then.files.filter(({ domain, type }) => domain !== 'HomeDomain' && type === 'file');

describe('a rollback by hand', () => {
  it('begins with a plan that says what and why', () => {
    expect(plan).toMatchObject({
      ...{ state: 'planned', expired: false, blocking: [] },
      target: { version: '3.0', sha256: sha256(ipa), size: ipa.length },
      data: { files: 8, installed: { version: '3.0' } },
      downgrade: { verdict: 'changed' },
    });
    expect(plan.warnings.find(({ code }) => code === 'groups-shared')?.text).toContain(MAKERS);
  });

  it('takes everything along: the package bit for bit, the data as it was, sums that hold', async () => {
    const kit = join(household.room, 'my kit');
    await mkdir(kit);

    const written = await run<{ path: string }>('rollback', 'kit', plan.id, '--to', kit);

    expect(written).toMatchObject({
      path: kit,
      dataFiles: 8,
      missingFiles: 0,
      leftOutOfImazingApp: 2,
    });
    expect((await readdir(kit)).toSorted()).toEqual([
      'PLAN.md',
      'SHA256SUMS',
      `${APP}.imazingapp`,
      'data',
      'package',
    ]);
    expect((await readFile(join(kit, 'package', `${APP}-3.0.ipa`))).equals(ipa)).toBe(true);
    expect((await readFile(join(kit, 'package/rights.sinf'))).toString()).toBe('sinf');
    for (const { domain, path, content } of appFiles())
      expect([path, (await readFile(join(kit, 'data', domain, path))).equals(content)]).toEqual([
        path,
        true,
      ]);
    expect(await readdir(join(kit, 'data'))).toHaveLength(4);
    await verifySums(kit);
    await verifyImazingApp(await readFile(join(kit, `${APP}.imazingapp`)));
    const text = await readFile(join(kit, 'PLAN.md'), 'utf8');
    expect(text).toMatch(/^# Rolling Songs/);
    for (const { title } of plan.steps) expect(text).toContain(title);
  });

  it('writes over nothing, and leaves nothing half when it is stopped', async () => {
    const full = join(household.room, 'full');
    await mkdir(full);
    await writeFile(join(full, 'mine'), 'mine');
    const end = await household.agent.run('rollback', 'kit', plan.id, '--to', full);
    expect([end.code, end.json().error.code]).toEqual([11, 'RESTORE_TARGET_EXISTS']);
    expect(await readdir(full)).toEqual(['mine']);

    const place = join(household.room, 'stopped');
    await mkdir(place);
    const running = household.agent.start('rollback', 'kit', plan.id, '--to', join(place, 'kit'));
    while ((await readdir(place)).length === 0 && running.child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    running.child.kill('SIGINT');
    const stopped = await running.ended;

    // Whichever was first: a whole kit, or nothing at all.
    expect(await readdir(place)).toEqual(stopped.code === 0 ? ['kit'] : []);
    expect([0, 130]).toContain(stopped.code);
  });

  it('is refused once the plan has expired, with what to do', async () => {
    const { agent, room } = household;
    await agent.ok('push', (await backup('4.1', '2026-01-10T10:00:00Z')).folder);

    const shown = await agent.run('rollback', 'show', plan.id);
    const kit = await agent.run('rollback', 'kit', plan.id, '--to', join(room, 'late'));

    expect([shown.code, kit.code]).toEqual([3, 11]);
    expect(kit.json().error).toMatchObject({
      code: 'PLAN_EXPIRED',
      details: { expired: ['other-version-installed', 'newer-backup'] },
    });
    expect(kit.json().error.hint).toContain(`rootcellar rollback plan ${APP}`);
    expect(await readdir(room)).not.toContain('late');
    const list = await run<Schemas['RollbackPlanPageDto']>('rollback', 'list');
    expect(list.items).toMatchObject([{ id: plan.id, expired: true, version: '3.0' }]);
  });
});

/** As `sha256sum -c` does it: a line that begins with a backslash has an escaped name. */
async function verifySums(kit: string): Promise<void> {
  const lines = (await readFile(join(kit, 'SHA256SUMS'), 'utf8')).trimEnd().split('\n');
  const names: string[] = [];
  for (const line of lines) {
    const [, escaped, sum, raw = ''] = /^(\\?)([0-9a-f]{64}) {2}(.*)$/.exec(line) ?? [];
    const name =
      escaped === '' ? raw : raw.replace(/\\(.)/g, (_, end: string) => (end === 'n' ? '\n' : end));
    expect([name, sha256(await readFile(join(kit, name)))]).toEqual([name, sum]);
    names.push(name);
  }
  const all = await readdir(kit, { recursive: true, withFileTypes: true });
  const files = all.filter((entry) => entry.isFile() && entry.name !== 'SHA256SUMS');
  expect(names).toHaveLength(files.length);
}

async function verifyImazingApp(bytes: Buffer): Promise<void> {
  const zip = await fromBufferPromise(bytes);
  const names: string[] = [];
  for await (const entry of zip.eachEntry()) names.push(entry.fileName);
  const expected = appFiles()
    .filter(({ domain, path }) => !domain.includes('Plugin') && !path.includes('\\'))
    .map(({ domain, path }) =>
      domain === DOMAIN
        ? `Container/${path}`
        : `Container/AppGroups/${domain.replace('AppDomainGroup-', '')}/${path}`,
    );
  expect(names.toSorted()).toEqual(
    [...expected, 'Payload/Example.app/Info.plist', 'Container/tmp/'].toSorted(),
  );
}
