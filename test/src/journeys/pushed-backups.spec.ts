import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { EXAMPLE_FILES, buildBackup } from '@rootcellar/ios/testing';
import type { BackupFileSpec, BackupSpec } from '@rootcellar/ios/testing';
import { differences, openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { mebibytes, noise, prose } from './sample-content.js';

let household: Household;
beforeAll(async () => {
  household = await openHousehold();
});
afterAll(async () => household.close());

const LONG_UDID = 'aa11bb22cc33dd44ee55ff66aa77bb88cc99dd00';

const MANY: BackupFileSpec[] = Array.from({ length: 1000 }, (_, n) => ({
  domain: 'CameraRollDomain',
  path: `Media/DCIM/100APPLE/IMG_${n}.AAE`,
  content: prose(`note ${n}`, n % 700),
}));

const LARGE: BackupFileSpec[] = [
  { domain: 'CameraRollDomain', path: 'video.mov', content: noise('video', mebibytes(24)) },
  {
    domain: 'AppDomain-org.example',
    path: 'Library/log',
    content: prose('log', mebibytes(21)),
    digest: 'right',
  },
  { domain: 'HomeDomain', path: 'zeros', content: Buffer.alloc(mebibytes(3)), digest: 'right' },
];

const BACKUPS: [name: string, spec: BackupSpec][] = [
  ['an encrypted one', { encrypted: true, udid: '00008110-00000000000000E1' }],
  ['a plain one of an older device, with 40 digits', { udid: LONG_UDID }],
  [
    'one without a payload, its 256 folders empty',
    { udid: '00008110-0000000000000E2E', files: [] },
  ],
  ['one of many small files', { udid: '00008110-00000000000000E3', files: MANY }],
  ['one of files beyond 20 MiB', { udid: '00008110-00000000000000E4', files: LARGE }],
  [
    'a plain one from a folder that was archived under a longer name',
    { udid: '00008110-00000000000000E5', folderName: '00008110-00000000000000E5-20240601-120000' },
  ],
];

describe('a pushed backup', () => {
  it.each(BACKUPS)('comes back bit for bit: %s', async (_, spec) => {
    const { agent, room } = household;
    const built = await buildBackup(join(room, 'My Backups'), spec);

    const pushed = await agent.ok('push', built.folder);
    const restored = await agent.ok('restore', pushed.snapshotId, '--to', join(room, 'out put'));

    expect(restored.path).toBe(join(room, 'out put', built.udid));
    expect(await differences(built.folder, restored.path)).toEqual([]);
    expect(restored).toMatchObject({ files: pushed.files, bytes: pushed.logicalBytes });
    expect(pushed.complete).toBe(true);
  });

  it('is found in the folder that holds only it', async () => {
    const { agent, room } = household;
    const udid = '00008110-00000000000000E6';
    await buildBackup(join(room, 'MobileSync', 'Backup'), { udid });

    const pushed = await agent.ok('push', join(room, 'MobileSync', 'Backup'));

    expect(await agent.ok('device', 'show', udid)).toMatchObject({ id: pushed.deviceId });
  });
});

describe('a backup that is not whole', () => {
  const MISSING: BackupFileSpec = {
    ...{ domain: 'CameraRollDomain', path: 'Media/1', content: 'gone', missing: true },
  };
  const DAMAGED: BackupFileSpec = {
    ...{ domain: 'CameraRollDomain', path: 'Media/2', content: 'other bytes', digest: 'wrong' },
  };

  it.each([
    ['missing files', { files: [...EXAMPLE_FILES, MISSING] }, { missingFiles: 1, damagedFiles: 0 }],
    ['damaged ones', { files: [...EXAMPLE_FILES, DAMAGED] }, { missingFiles: 0, damagedFiles: 1 }],
    ['no end', { snapshotState: 'uploading' }, { missingFiles: 0, damagedFiles: 0 }],
  ])('is kept with --accept-incomplete and marked so: %s', async (name, spec, counts) => {
    const { agent, room } = household;
    const { folder } = await buildBackup(join(room, name), spec);

    const pushed = await agent.ok('push', folder, '--accept-incomplete');
    const to = join(room, 'restored', name);
    const restored = await agent.ok('restore', pushed.snapshotId, '--to', to);

    expect(pushed).toMatchObject({ complete: false, ...counts });
    const shown = await agent.ok('snapshot', 'show', pushed.snapshotId);
    expect(shown).toMatchObject({ complete: false, ...counts });
    expect(await differences(folder, restored.path)).toEqual([]);
  });
});

describe("a device's name", () => {
  const CONTROL = '\u0000\u0007\u001b[31mred\u001b[0m\r\nline\u202etxt';

  it.each([
    // XML has no other control characters; the binary list has them all.
    ['of 10 KB', { deviceName: 'x'.repeat(10_000) }],
    ['with control characters', { deviceName: 'red\tline\rtwo\nthree' }],
    [
      'with control characters, binary',
      {
        info: { 'Device Name': undefined, 'Display Name': undefined },
        manifest: { Lockdown: { DeviceName: CONTROL } },
      },
    ],
  ])('%s is kept readable and short', async (name, spec) => {
    const { agent, room } = household;
    const { folder } = await buildBackup(join(room, `named ${name}`), spec);

    const pushed = await agent.ok('push', folder);
    const device = await agent.ok('device', 'show', pushed.deviceId);

    expect(device.name.length).toBeGreaterThan(0);
    expect(device.name.length).toBeLessThanOrEqual(200);
    expect(device.name).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

describe('after all of that', () => {
  it('passes a check of every stored byte', async () => {
    const report = await household.agent.ok('admin', 'scrub');

    expect(report).toMatchObject({ clean: true });
  });
});
