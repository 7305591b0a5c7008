import { execFileSync } from 'node:child_process';
import { mkdir, symlink, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EXAMPLE_FILES, buildBackup, infoPlist, manifestPlist } from '@rootcellar/ios/testing';
import type { BackupSpec } from '@rootcellar/ios/testing';
import { differences, openHousehold } from '@rootcellar/testkit';
import type { Answer, Household } from '@rootcellar/testkit';
import {
  hugeIntegerPlist,
  nestedBinaryPlist,
  nestedXmlPlist,
  repeatingBinaryPlist,
} from './hostile-plists.js';

type Damage = (folder: string) => Promise<unknown>;

let household: Household;
/** Pushed before anything else: must stay as it is. */
let earlier: Answer;
let earlierFolder: string;
let made = 0;

beforeAll(async () => {
  household = await openHousehold();
  const { agent, room } = household;
  earlierFolder = (await buildBackup(join(room, 'earlier'))).folder;
  earlier = await agent.ok('push', earlierFolder);
});
afterAll(async () => household.close());

/** Every backup has the earlier one's device, and a payload that was never sent before. */
async function make(spec: BackupSpec, damage?: Damage): Promise<string> {
  made += 1;
  const fresh = { domain: 'HomeDomain', path: 'fresh', content: `fresh ${made}` };
  const files = [...(spec.files ?? EXAMPLE_FILES), fresh];
  const { folder } = await buildBackup(join(household.room, String(made)), { ...spec, files });
  await damage?.(folder);
  return folder;
}

interface Case {
  readonly what: string;
  readonly code: string;
  readonly spec?: BackupSpec;
  readonly damage?: Damage;
}

const UNSAFE: readonly Case[] = [
  {
    what: 'a symbolic link for a payload',
    damage: async (folder: string) =>
      symlink('/etc/passwd', join(folder, `ab/ab${'0'.repeat(38)}`)),
  },
  {
    what: 'a symbolic link for a folder',
    damage: async (folder: string) => symlink('/etc', join(folder, 'zz')),
  },
  {
    what: 'a named pipe',
    damage: async (folder: string) => Promise.resolve(execFileSync('mkfifo', [join(folder, 'p')])),
  },
  ...['../../escaped', '/etc/escaped', 'a/../../../escaped'].map((path) => ({
    what: `${path} in its list`,
    spec: { files: [{ domain: 'HomeDomain', path, content: 'escaped' }] },
  })),
].map((unsafe) => ({ ...unsafe, code: 'BACKUP_PATH_UNSAFE' }));

const UNFINISHED: readonly Case[] = [
  { what: 'the state "uploading"', spec: { snapshotState: 'uploading' } },
  { what: 'no state', spec: { snapshotState: null } },
].map((unfinished) => ({ ...unfinished, code: 'BACKUP_NOT_FINISHED' }));

const MANIFESTS: readonly Case[] = (['empty', 'truncated', 'garbage', 'missing'] as const).map(
  (manifestDamage) => ({
    what: `a Manifest.db that is ${manifestDamage}`,
    code: 'BACKUP_MANIFEST_DAMAGED',
    spec: { manifestDamage },
  }),
);

const cut = (name: string, bytes: number) => async (folder: string) =>
  truncate(join(folder, name), Math.floor(bytes / 2));

const PLISTS: readonly Case[] = [
  { what: 'an empty Info.plist', spec: { infoPlist: Buffer.alloc(0) } },
  { what: 'half an Info.plist', damage: cut('Info.plist', infoPlist({}).length) },
  { what: 'lists in lists in Info.plist', spec: { infoPlist: nestedXmlPlist() } },
  { what: 'no Manifest.plist', spec: { manifestPlist: null } },
  { what: 'half a Manifest.plist', damage: cut('Manifest.plist', manifestPlist({}).length) },
  { what: 'lists in lists in Manifest.plist', spec: { manifestPlist: nestedBinaryPlist() } },
  { what: 'a list that stands for billions', spec: { manifestPlist: repeatingBinaryPlist() } },
  { what: 'lengths beyond all memory', spec: { manifestPlist: hugeIntegerPlist() } },
].map((broken) => ({ ...broken, code: 'BACKUP_PLIST_DAMAGED' }));

const MBDB: Case = {
  ...{ what: 'the list of iOS 9', code: 'BACKUP_TOO_OLD', spec: { manifestDamage: 'mbdb-era' } },
};

describe('a backup is refused and nothing of it becomes visible', () => {
  it.each([...UNSAFE, ...UNFINISHED, ...MANIFESTS, ...PLISTS, MBDB])('for $what', async (bad) => {
    const folder = await make(bad.spec ?? {}, bad.damage);

    const end = await household.agent.run('push', folder);

    expect([end.json().error.code, end.code]).toEqual([bad.code, 20]);
    expect(end.json().error.message).not.toBe('');
  });

  it('when the folder is none', async () => {
    const { agent, room } = household;
    await mkdir(join(room, 'holiday pictures', 'DCIM'), { recursive: true });
    await writeFile(join(room, 'a file'), '');

    const none = await agent.run('push', join(room, 'holiday pictures'));
    const nowhere = await agent.run('push', join(room, 'nowhere'));
    const file = await agent.run('push', join(room, 'a file'));

    expect([none.json().error.code, none.code]).toEqual(['BACKUP_NOT_A_BACKUP', 20]);
    expect([nowhere.json().error.code, nowhere.code]).toEqual(['BACKUP_NOT_FOUND', 10]);
    expect([file.json().error.code, file.code]).toEqual(['BACKUP_NOT_FOUND', 10]);
  });

  it('when payloads are missing, with their number and the first of them', async () => {
    const missing = Array.from({ length: 12 }, (_, n) => ({
      ...{ domain: 'CameraRollDomain', path: `Media/${n}`, content: 'photo', missing: true },
    }));
    const folder = await make({ files: [...EXAMPLE_FILES, ...missing] });

    const end = await household.agent.run('push', folder);

    const { code, message, hint, details } = end.json().error;
    expect([code, end.code]).toEqual(['BACKUP_INCOMPLETE', 20]);
    expect(message).toMatch(/^12 files .*\([0-9a-f]{40}, .*…\)/);
    expect(details).toMatchObject({ missing: 12 });
    expect(hint).toContain('--accept-incomplete');
    // Names of a backup's files are the family's business.
    expect(`${end.stdout}${end.stderr}`).not.toContain('Media');
  });

  it('when payloads do not match the digest the device wrote', async () => {
    const wrong = { domain: 'HomeDomain', path: 'x', content: 'bytes', digest: 'wrong' } as const;
    const folder = await make({ files: [...EXAMPLE_FILES, wrong] });

    const end = await household.agent.run('push', folder);

    expect([end.json().error.code, end.code]).toEqual(['BACKUP_DIGEST_MISMATCH', 20]);
    expect(end.json().error.details).toEqual({ damaged: 1 });
  });
});

describe('after all of that', () => {
  it('the earlier snapshot is the only one, and comes back bit for bit', async () => {
    const { agent, room } = household;

    const list = await agent.ok('snapshot', 'list');
    const restored = await agent.ok('restore', earlier.snapshotId, '--to', join(room, 'back'));

    expect(list.items.map(({ id }) => id)).toEqual([earlier.snapshotId]);
    expect(await differences(earlierFolder, restored.path)).toEqual([]);
  });
});
