import { hash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import type { PackageSpec } from '@rootcellar/ios/testing';
import { openHousehold } from '@rootcellar/testkit';
import type { Answer, Household } from '@rootcellar/testkit';
import { mebibytes, noise } from './sample-content.js';

let household: Household;
let library: string;

const OTHER_BYTES = { name: 'Payload/Example.app/other', content: 'other bytes' };
const LARGE = { name: 'Payload/Big.app/data', content: noise('big', mebibytes(20)), stored: true };

const PACKAGES: Readonly<Record<string, PackageSpec>> = {
  'example 1.0.ipa': { version: '1.0' },
  'sub/example 1.0 again.IPA': { version: '1.0', extra: [OTHER_BYTES] },
  'sub/example 2.0.ipa': { version: '2.0', build: '20', zip: { zip64: true } },
  'sub/store.ipa': {
    bundleId: 'com.example.store',
    metadata: storeMetadata({ bundleId: 'com.example.store', externalVersionId: 830_001_007 }),
    sinf: true,
  },
  'big.ipa': { bundleId: 'com.example.big', folder: 'Big', extra: [LARGE] },
};

beforeAll(async () => {
  household = await openHousehold();
  library = join(household.room, 'My Apps');
  await mkdir(join(library, 'sub'), { recursive: true });
  for (const [name, spec] of Object.entries(PACKAGES)) {
    await writeFile(join(library, name), buildPackage(spec));
  }
  await writeFile(join(library, 'readme.txt'), 'no package, and none is meant');
});
afterAll(async () => household.close());

async function artifacts(): Promise<Answer[]> {
  const { agent } = household;
  const apps = await agent.ok('app', 'list');
  const versions = await Promise.all(
    apps.items.map(async ({ bundleId }) => (await agent.ok('app', 'versions', bundleId)).items),
  );
  return versions.flat().flatMap((version) => version.artifacts);
}

describe('app add', () => {
  it('adds every package of a folder, also below it', async () => {
    const added = await household.agent.ok('app', 'add', library);

    expect(added.items.map(({ file }) => file).sort()).toEqual(
      Object.keys(PACKAGES)
        .map((name) => join(library, name))
        .sort(),
    );
    expect(new Set(added.items.map(({ status }) => status))).toEqual(new Set(['added']));
    const store = added.items.find(({ bundleId }) => bundleId === 'com.example.store');
    expect(store).toMatchObject({ version: '1.0', externalVersionId: '830001007', code: null });
  });

  it('knows a file it has, whatever its name, and sends nothing', async () => {
    const { agent, room } = household;
    const copy = join(room, 'renamed');
    await writeFile(copy, await readFile(join(library, 'example 1.0.ipa')));
    const before = await artifacts();

    const again = await agent.ok('app', 'add', copy, library);

    expect(new Set(again.items.map(({ status }) => status))).toEqual(new Set(['already-kept']));
    expect(again.items.every(({ sentBytes }) => sentBytes === 0)).toBe(true);
    expect(await artifacts()).toEqual(before);
  });

  it('refuses one without keeping the others out', async () => {
    const { agent, room } = household;
    await writeFile(join(room, 'broken.ipa'), 'no zip');
    await writeFile(join(room, 'new.ipa'), buildPackage({ version: '3.0' }));
    const missing = join(room, 'not there.ipa');

    const files = [join(room, 'broken.ipa'), join(room, 'new.ipa'), missing];
    const end = await agent.run('app', 'add', ...files);

    expect(end.code).toBe(3);
    expect(end.json().items).toMatchObject([
      { id: files[0], status: 'refused', code: 'PACKAGE_NOT_ZIP', artifactId: null },
      { status: 'added', version: '3.0' },
      { id: missing, status: 'refused', code: 'PACKAGE_UNREADABLE' },
    ]);
  });

  it('ends as the refusal does when nothing was added', async () => {
    const { agent, room } = household;
    await mkdir(join(room, 'empty'));

    const broken = await agent.run('app', 'add', join(room, 'broken.ipa'));
    const empty = await agent.run('app', 'add', join(room, 'empty'));

    expect([broken.code, broken.json().items[0]?.code]).toEqual([20, 'PACKAGE_NOT_ZIP']);
    expect([empty.code, empty.json().error.code]).toEqual([10, 'PACKAGE_UNREADABLE']);
  });
});

describe('the library', () => {
  it('counts versions and packages of an app', async () => {
    const { items } = await household.agent.ok('app', 'list');

    const byName = items.toSorted((a, b) => (a.bundleId < b.bundleId ? -1 : 1));
    expect(byName).toMatchObject([
      { bundleId: 'com.example.app', name: 'Example', versions: 3, artifacts: 4 },
      { bundleId: 'com.example.big', versions: 1, artifacts: 1 },
      { bundleId: 'com.example.store', versions: 1, artifacts: 1 },
    ]);
  });

  it('keeps two files of one version as two packages of it', async () => {
    const { items } = await household.agent.ok('app', 'versions', 'com.example.app');

    const first = items.find(({ version }) => version === '1.0');
    expect(first?.build).toBe('1');
    expect(first?.artifacts.map(({ fileName }) => fileName).sort()).toEqual([
      'example 1.0 again.IPA',
      'example 1.0.ipa',
    ]);
  });

  it('is shown page by page', async () => {
    const { agent } = household;
    const all = await agent.ok('app', 'list');

    const one = await agent.ok('app', 'list', '--limit', '2');
    const two = await agent.ok('app', 'list', '--limit', '2', '--cursor', one.nextCursor ?? '');

    expect([...one.items, ...two.items]).toEqual(all.items);
    expect(two.nextCursor).toBeNull();
    const versions = await agent.ok('app', 'versions', 'com.example.app', '--limit', '2');
    const rest = ['--limit', '2', '--cursor', versions.nextCursor ?? ''];
    const further = await agent.ok('app', 'versions', 'com.example.app', ...rest);
    expect(new Set([...versions.items, ...further.items].map(({ version }) => version))).toEqual(
      new Set(['1.0', '2.0', '3.0']),
    );
  });

  it('has no versions of an app it does not keep', async () => {
    const end = await household.agent.run('app', 'versions', 'com.example.none');

    expect([end.code, end.json().error.code]).toEqual([10, 'NOT_FOUND']);
  });
});

describe('app get', () => {
  it('gives every package back with its SHA-256', async () => {
    const { agent, room } = household;

    for (const { id, sha256, size } of await artifacts()) {
      const to = join(room, `${id}.ipa`);
      const got = await agent.ok('app', 'get', id, '--to', to);

      expect(got).toMatchObject({ sha256, size });
      expect(hash('sha256', await readFile(to))).toBe(sha256);
    }
    const kept = new Set((await artifacts()).map(({ sha256 }) => sha256));
    for (const name of Object.keys(PACKAGES)) {
      expect(kept).toContain(hash('sha256', await readFile(join(library, name))));
    }
  });

  it('writes nothing over, and nothing for what it does not know', async () => {
    const { agent, room } = household;
    const [artifact] = await artifacts();
    const there = join(room, 'new.ipa');

    const over = await agent.run('app', 'get', artifact?.id ?? '', '--to', there);
    const unknown = '0197a000-0000-7000-8000-000000000000';
    const none = await agent.run('app', 'get', unknown, '--to', join(room, 'none.ipa'));

    expect([over.code, over.json().error.code]).toEqual([11, 'RESTORE_TARGET_EXISTS']);
    expect(await readFile(there)).toEqual(buildPackage({ version: '3.0' }));
    expect([none.code, none.json().error.code]).toEqual([10, 'NOT_FOUND']);
    await expect(readFile(join(room, 'none.ipa'))).rejects.toThrow(/ENOENT/);
  });
});
