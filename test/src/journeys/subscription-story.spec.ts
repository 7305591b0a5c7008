import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { FakeDevice, FakeDeviceLink } from '@rootcellar/device-link/testing';
import { buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import type { PackageSpec } from '@rootcellar/ios/testing';
import { systemClock } from '@rootcellar/model';
import { openHousehold } from '@rootcellar/testkit';
import type { Answer, Household } from '@rootcellar/testkit';
import { commandWithDevices } from './command-with-devices.js';

jest.setTimeout(120_000);

const APP = 'com.example.reminders';
const DATA = { domain: `AppDomain-${APP}`, path: 'Documents/reminders.sqlite' } as const;
const UDID = '00008101-000A1B2C3D4E5F60';

const PAYWALL = [
  { name: 'Payload/Example.app/Frameworks/RevenueCat.framework/RevenueCat', content: 'paywall' },
  {
    name: 'Payload/Example.app/en.lproj/Localizable.strings',
    content: '"pay.title" = "Start your subscription";\n"pay.restore" = "Restore Purchases";\n',
  },
];

/** Bought once; from 4.0 on it wants a subscription. Minutes apart, as the phone's backups are. */
let household: Household;
let phone: FakeDevice;
let link: FakeDeviceLink;
let minutes = 0;
let ofOld: Buffer;

beforeAll(async () => {
  household = await openHousehold();
  phone = new FakeDevice({ udid: UDID, name: 'Phone of Ada', apps: [installed('3.0')] });
  ofOld = await database(3, ['create table reminder (at, text)']);
  phone.write({ ...DATA, content: ofOld });
  link = new FakeDeviceLink([phone], {
    monotonicMs: () => systemClock.monotonicMs(),
    now: () => new Date(Date.now() + (minutes += 1) * 60_000),
  });
});
afterAll(async () => household.close());

function installed(version: string): Parameters<FakeDevice['setApp']>[0] {
  const number = version.replace('.', '');
  return {
    bundleId: APP,
    name: 'Reminders',
    version,
    build: number,
    externalVersionId: `8${number}`,
  };
}

/** As the App Store gives it to Ada. */
async function packageOf(version: string, more: PackageSpec = {}): Promise<string> {
  const { build, externalVersionId } = installed(version);
  const path = join(household.room, `Reminders ${version}.ipa`);
  const metadata = storeMetadata({
    ...{ bundleId: APP, name: 'Reminders', version, build },
    ...{ externalVersionId: Number(externalVersionId), appleId: 'ada@example.org' },
  });
  await writeFile(
    path,
    buildPackage({
      bundleId: APP,
      name: 'Reminders',
      version,
      build,
      metadata,
      sinf: true,
      ...more,
    }),
  );
  return path;
}

/** What the app keeps, as its version makes it. */
async function database(version: number, statements: readonly string[]): Promise<Buffer> {
  const path = join(household.room, 'app.sqlite');
  const made = new DatabaseSync(path);
  for (const statement of [...statements, `pragma user_version = ${String(version)}`])
    made.exec(statement);
  made.close();
  const bytes = await readFile(path);
  await rm(path);
  return bytes;
}

let backups = 0;
/** What the phone's owner does now and then. */
async function backUp(): Promise<Answer> {
  backups += 1;
  const into = join(household.room, `backup ${String(backups)}`);
  await mkdir(into);
  const folder = await link.backUp(UDID, into, { signal: new AbortController().signal });
  const pushed = await household.agent.run('push', folder);
  said = pushed.stderr;
  return pushed.json();
}
let said: string;

async function gaps(): Promise<readonly string[]> {
  const answer = await household.agent.run('app', 'gaps');
  const { items } = answer.json() as { readonly items: readonly Answer[] };
  expect(answer.code).toBe(items.length === 0 ? 0 : 3);
  return items.map(({ version }) => version);
}

const ok = async (...args: readonly string[]): Promise<Answer> => household.agent.ok(...args);
const versionOnPhone = (): string | undefined => phone.apps()[0]?.version;

describe('an app goes subscription', () => {
  let before: Answer;
  const artifacts = new Map<string, string>();
  let plan: Answer & { readonly downgrade: object };

  it('is kept while it is good: nothing is missing', async () => {
    const { items } = await ok('app', 'add', await packageOf('3.0'));
    artifacts.set('3.0', String(items[0]?.artifactId));
    before = await backUp();

    expect(await gaps()).toEqual([]);
  });

  it('the phone updates itself, and the radar tells that nobody keeps the new version', async () => {
    phone.setApp(installed('4.0'));
    phone.write({
      ...DATA,
      content: await database(4, [
        'create table reminder (at, text, account)',
        'create table entitlement (until)',
      ]),
    });
    await backUp();

    expect(await gaps()).toEqual(['4.0']);
  });

  it('shows what came with the update, with its evidence, and asks whether that was it', async () => {
    const { items } = await ok('app', 'add', await packageOf('4.0', { extra: PAYWALL }));
    artifacts.set('4.0', String(items[0]?.artifactId));

    const signals = await ok('app', 'signals', APP);
    const changes = await ok('app', 'diff', artifacts.get('3.0') ?? '', artifacts.get('4.0') ?? '');

    expect(await gaps()).toEqual([]);
    expect(signals).toMatchObject({ suggestion: { from: '4.0', version: { version: '4.0' } } });
    expect(JSON.stringify(changes)).toMatch(/RevenueCat[\s\S]*Restore Purchases/);
    expect(await ok('app', 'subscription', APP, '--from', '4.0')).toMatchObject({ from: '4.0' });
  });

  it('has one timeline of what is kept and what the backups say', async () => {
    const { items } = await ok('app', 'timeline', APP);

    expect(items).toMatchObject([
      {
        ...{ version: '4.0', subscription: 'from-here', gap: null },
        seen: [{ deviceName: 'Phone of Ada', installedNow: true }],
        packages: [{ artifactId: artifacts.get('4.0') }],
      },
      {
        ...{ version: '3.0', subscription: 'before', gap: null },
        seen: [{ deviceName: 'Phone of Ada', installedNow: false }],
        data: [{ snapshotId: before.snapshotId }],
        packages: [{ artifactId: artifacts.get('3.0') }],
      },
    ]);
  });

  it('has a plan: the last good version, the data that belong to it, and what may stumble', async () => {
    plan = (await ok('rollback', 'plan', APP, '--device', 'Phone of Ada')) as typeof plan;

    expect(plan).toMatchObject({
      expired: false,
      blocking: [],
      target: { version: '3.0', chosen: 'before-subscription', sinf: 'in-package' },
      data: { snapshotId: before.snapshotId, sameVersion: true, isNewest: false },
      downgrade: { verdict: 'changed', databases: 1 },
    });
    expect(JSON.stringify(plan.downgrade)).toContain('reminders.sqlite');
  });

  it('goes back to it, with its data, and holds it', async () => {
    const deviceLinks = new Map([['fake', () => link]]);
    const computer = { config: household.agent.config, deviceLinks };

    const { code, stderr } = await commandWithDevices(computer, [
      ...['rollback', 'run', plan.id, '--yes', '--json'],
    ]);

    expect([code, versionOnPhone()]).toEqual([0, '3.0']);
    expect(stderr).toMatch(/Step 5 of 5/);
    expect(phone.read(DATA.domain, DATA.path)).toBe(ofOld.toString());
    expect(await ok('hold', 'list')).toMatchObject({ items: [{ bundleId: APP, version: '3.0' }] });
    // What 4.0 had was backed up first.
    expect((await ok('device', 'show', 'Phone of Ada')).snapshots).toBe(3);
    await backUp();
    expect((await ok('alert', 'list')).items).toEqual([]);
  });

  it('no rule removes what is held', async () => {
    const file = join(household.room, 'policy.json');
    await writeFile(file, JSON.stringify({ versions: { last: 1 } }));

    const preview = await household.agent.run('retention', 'preview', '--file', file);

    expect(preview.json()).not.toMatchObject({ error: expect.anything() as unknown });
    expect(preview.stdout).toContain('3.0');
    expect(JSON.stringify((preview.json() as { removed?: unknown }).removed ?? [])).not.toContain(
      artifacts.get('3.0') ?? '',
    );
  });

  it('tells when the update sneaks back', async () => {
    phone.setApp(installed('4.1'));
    await backUp();
    expect(said).toContain(`Phone of Ada has ${APP} at 4.1 (41); 3.0 (30) is held there.`);

    const { items } = await ok('alert', 'list');

    expect(items).toMatchObject([
      { bundleId: APP, held: { version: '3.0' }, seen: { version: '4.1' } },
    ]);
    expect(await gaps()).toEqual(['4.1']);
    const again = await ok('rollback', 'plan', APP, '--device', 'Phone of Ada');
    expect(again).toMatchObject({ target: { version: '3.0', chosen: 'held' }, blocking: [] });
  });
});
