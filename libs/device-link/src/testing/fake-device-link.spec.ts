import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspectBackupFolder } from '@rootcellar/ios';
import { buildPackage } from '@rootcellar/ios/testing';
import { FakeDevice } from './fake-device.js';
import { FakeDeviceLink } from './fake-device-link.js';
import type { Mishap } from './mishap.js';
import { SAMPLE, verifyDeviceLink } from './verify-device-link.js';

const { signal } = new AbortController();

function sampleDevice(): FakeDevice {
  return new FakeDevice({
    apps: [{ bundleId: 'com.example.app', version: '2.0', build: '20', externalVersionId: '200' }],
    files: [{ ...SAMPLE, content: 'new' }],
  });
}

verifyDeviceLink('FakeDeviceLink', async () => {
  const device = sampleDevice();
  const link = new FakeDeviceLink([device]);
  return Promise.resolve({ link, udid: device.info.udid, close: async () => Promise.resolve() });
});

describe('FakeDeviceLink', () => {
  let folder: string;
  let device: FakeDevice;
  let link: FakeDeviceLink;
  const { udid } = new FakeDevice().info;
  const going = (mishap: Mishap): void => void link.script.push(mishap);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rootcellar-fake-'));
    device = sampleDevice();
    link = new FakeDeviceLink([device]);
  });
  afterEach(async () => rm(folder, { recursive: true, force: true }));

  it('gives back the data of an earlier backup, and leaves what came later beside it', async () => {
    const backup = await link.backUp(udid, folder, { signal });
    device.write({ ...SAMPLE, content: 'newer' });
    device.write({ ...SAMPLE, path: 'Documents/later.txt', content: 'later' });

    await link.restore(udid, backup, { signal });

    expect(device.read(SAMPLE.domain, SAMPLE.path)).toBe('new');
    expect(device.read(SAMPLE.domain, 'Documents/later.txt')).toBe('later');
  });

  it('says it installed and did not', async () => {
    const path = join(folder, 'old.ipa');
    await writeFile(path, buildPackage({ version: '1.0' }));
    going({ on: 'install', does: 'lies' });

    await link.install(udid, { package: path }, { signal });

    expect(device.apps()).toMatchObject([{ version: '2.0' }]);
  });

  it('loses the cable halfway: the folder is no backup, the device is gone until plugged in', async () => {
    going({ on: 'backUp', does: 'unplugged' });

    await expect(link.backUp(udid, folder, { signal })).rejects.toMatchObject({
      code: 'DEVICE_LINK_CONNECTION_LOST',
    });
    await expect(inspectBackupFolder(join(folder, udid))).rejects.toMatchObject({
      code: 'BACKUP_NOT_FINISHED',
    });
    expect(await link.devices(signal)).toEqual([]);
    link.plug(device);
    await link.backUp(udid, folder, { signal });
  });

  it('fails once, with the code that was asked for', async () => {
    going({ on: 'restore', does: 'fails', with: 'DEVICE_LINK_PASSCODE_TIMEOUT' });
    const backup = await link.backUp(udid, folder, { signal });

    await expect(link.restore(udid, backup, { signal })).rejects.toMatchObject({
      code: 'DEVICE_LINK_PASSCODE_TIMEOUT',
      kind: 'unavailable',
    });
    await link.restore(udid, backup, { signal });
  });

  it('tells that it waits for the passcode', async () => {
    going({ on: 'backUp', does: 'asks-passcode' });
    const waits: unknown[] = [];

    await link.backUp(udid, folder, {
      signal,
      onProgress: ({ waitingFor }) => waitingFor !== undefined && waits.push(waitingFor),
    });

    expect(waits).toEqual(['passcode']);
  });

  it('hangs until it is aborted', async () => {
    going({ on: 'backUp', does: 'hangs' });
    const stop = new AbortController();

    const call = link.backUp(udid, folder, { signal: stop.signal });
    stop.abort();

    await expect(call).rejects.toMatchObject({ code: 'INTERRUPTED' });
  });
});
