import { hash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { buildApk, testCertificate } from '@rootcellar/android/testing';
import { buildPackage } from '@rootcellar/ios/testing';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { writeZip } from '@rootcellar/zip/testing';

const PACKAGE = 'com.example.notes';
const APP = `android:${PACKAGE}`;
const MAKER = testCertificate('The maker');
const HEIR = testCertificate('Who follows the maker');
const STRANGER = testCertificate('Somebody else');

let household: Household;
let folder: string;
beforeAll(async () => {
  household = await openHousehold();
  folder = join(household.room, 'library');
  await mkdir(folder);
});
afterAll(async () => household.close());

const apk = (versionCode: number, more: Parameters<typeof buildApk>[0]): Buffer =>
  buildApk({ packageName: PACKAGE, versionCode, ...more });

async function add(
  files: Readonly<Record<string, Buffer>>,
): Promise<readonly { readonly status: string; readonly code: string | null }[]> {
  const paths = Object.keys(files).map((name) => join(folder, name));
  for (const [name, bytes] of Object.entries(files)) await writeFile(join(folder, name), bytes);
  return (await household.agent.run('app', 'add', ...paths)).json().items;
}

async function versions(bundleId = APP): Promise<Schemas['AppVersionDto'][]> {
  return (await household.agent.ok('app', 'versions', bundleId)).items as never;
}

describe('packages for Android', () => {
  it('are kept as versions of an app, apart from one for iOS with the same name', async () => {
    const items = await add({
      'notes 1.apk': apk(1, { versionName: '1.0', v2: [MAKER], label: 'Notes' }),
      'заметки 2.APK': apk(2, { versionName: '1.1', v2: [MAKER], label: 'Notes' }),
      'notes.ipa': buildPackage({ bundleId: PACKAGE }),
    });

    expect(items.map(({ status }) => status)).toEqual(['added', 'added', 'added']);
    const apps = await household.agent.ok('app', 'list');
    expect(apps.items).toMatchObject([
      { bundleId: APP, name: 'Notes', versions: 2 },
      { bundleId: PACKAGE, versions: 1 },
    ]);
    expect(await versions()).toMatchObject([
      {
        ...{ bundleId: APP, version: '1.0', build: '1', externalVersionId: '1' },
        artifacts: [{ facts: { platform: 'android' }, continuity: 'first' }],
      },
      { version: '1.1', build: '2', artifacts: [{ continuity: 'same' }] },
    ]);
    expect((await versions(PACKAGE))[0]?.artifacts[0]?.continuity).toBeNull();
  });

  it('are one version with several files when they are a base and its splits', async () => {
    const parts = {
      'config.arm64.apk': apk(3, { split: 'config.arm64_v8a', v2: [MAKER], abis: ['arm64-v8a'] }),
      'base.apk': apk(3, { versionName: '2.0', v2: [MAKER], label: 'My notes' }),
    };
    await add(parts);
    await add({
      'set.xapk': writeZip(Object.entries(parts).map(([name, content]) => ({ name, content }))),
    });

    const third = (await versions())[2];

    expect(third).toMatchObject({ version: '2.0', build: '3' });
    expect(third?.artifacts).toMatchObject([
      { fileName: 'config.arm64.apk', facts: { split: 'config.arm64_v8a' } },
      { fileName: 'base.apk' },
      { fileName: 'set.xapk', facts: { abis: ['arm64-v8a'], parts: [{}, {}] } },
    ]);
    expect((await household.agent.ok('app', 'list')).items[0]).toMatchObject({ name: 'My notes' });
  });

  it('by another signer are kept with a warning, unless it proves to follow', async () => {
    await add({
      'notes 4.apk': apk(4, { v3: { signer: HEIR, lineage: [MAKER, HEIR] } }),
      'notes 5.apk': apk(5, { v2: [STRANGER] }),
      'notes 6.apk': apk(6, {}),
    });

    const found = (await versions()).slice(3).map(({ artifacts }) => artifacts[0]?.continuity);

    expect(found).toEqual(['rotated', 'other', 'unknown']);
  });

  it('are counted by rules as versions of every app are, by version code', async () => {
    const policy = join(household.room, 'policy.json');
    await writeFile(policy, JSON.stringify({ versions: { last: 2, onDevices: true } }));

    const plan = (await household.agent.ok(
      ...['retention', 'preview', '--file', policy],
    )) as unknown as Schemas['RetentionPlanDto'];

    const stays = plan.items.filter(({ bundleId, keep }) => bundleId === APP && keep);
    const newest = (await versions()).slice(-2).flatMap(({ artifacts }) => artifacts);
    expect(stays.map(({ id }) => id).sort()).toEqual(newest.map(({ id }) => id).sort());
  });

  it('are no business of what is about devices with iOS', async () => {
    const { agent } = household;
    const [{ artifacts: [first] = [] } = {}] = await versions();

    const ends = [
      await agent.run('app', 'timeline', APP),
      await agent.run('app', 'check', first?.id ?? ''),
      await agent.run('app', 'signals', APP),
    ];

    expect(ends.map((end) => end.json().error.code)).toEqual(ends.map(() => 'PACKAGE_NOT_FOR_IOS'));
  });

  it('come back bit for bit', async () => {
    const [first] = await versions();
    const to = join(household.room, 'back.apk');

    await household.agent.ok('app', 'get', first?.artifacts[0]?.id ?? '', '--to', to);

    expect(hash('sha256', await readFile(to))).toBe(
      hash('sha256', await readFile(join(folder, 'notes 1.apk'))),
    );
  });

  it('are refused for what is wrong with them', async () => {
    const items = await add({
      'broken.apk': Buffer.from('no zip'),
      'empty.apk': writeZip([{ name: 'classes.dex' }]),
      'lies.apk': apk(9, { manifest: Buffer.from('<manifest/>') }),
      'mixed.apks': writeZip([
        { name: 'a.apk', content: apk(9, {}) },
        { name: 'b.apk', content: apk(10, { split: 'b' }) },
      ]),
    });

    expect(items.map(({ code }) => code)).toEqual([
      ...['PACKAGE_NOT_ZIP', 'PACKAGE_NO_APP', 'PACKAGE_MANIFEST_DAMAGED', 'PACKAGE_SEVERAL_APPS'],
    ]);
  });
});
