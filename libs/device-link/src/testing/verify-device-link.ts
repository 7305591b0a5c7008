import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { inspectBackupFolder } from '@rootcellar/ios';
import { buildPackage, storeMetadata } from '@rootcellar/ios/testing';
import type { DeviceLink, DeviceProgress } from '../device-link.js';

/** An adapter with one device on it: com.example.app 2.0 (build 20, store id 200), one file of its data, no passcode. */
export interface OpenedLink {
  readonly link: DeviceLink;
  readonly udid: string;
  close(): Promise<void>;
}

export const SAMPLE = { domain: 'AppDomain-com.example.app', path: 'Documents/note.txt' } as const;

/** Registers the tests every `DeviceLink` must pass: the contract of the port, sentence by sentence. `open` is called for each test. */
export function verifyDeviceLink(name: string, open: () => Promise<OpenedLink>): void {
  describe(`${name} keeps the contract of DeviceLink:`, () => {
    let opened: OpenedLink;
    let folder: string;
    const { signal } = new AbortController();

    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'rootcellar-link-'));
      opened = await open();
    });
    afterEach(async () => {
      await opened.close();
      await rm(folder, { recursive: true, force: true });
    });

    const writePackage = async (version: string, build: string, id: number): Promise<string> => {
      const path = join(folder, `${version}.ipa`);
      const metadata = storeMetadata({ version, build, externalVersionId: id });
      await writeFile(path, buildPackage({ version, build, metadata, sinf: true }));
      return path;
    };

    it('lists the device and says what it is', async () => {
      const { link, udid } = opened;

      expect((await link.devices(signal)).map((device) => device.udid)).toEqual([udid]);
      expect(await link.info(udid, signal)).toMatchObject({ udid, encryptsBackups: false });
    });

    it('lists apps with what people see, the build and the store’s number', async () => {
      expect(await opened.link.apps(opened.udid, signal)).toContainEqual(
        expect.objectContaining({
          ...{ bundleId: 'com.example.app', version: '2.0', build: '20', externalVersionId: '200' },
        }),
      );
    });

    it('installs an older package over a newer one; the data stay', async () => {
      const { link, udid } = opened;
      const progress: DeviceProgress[] = [];

      await link.install(
        udid,
        { package: await writePackage('1.0', '10', 100) },
        { signal, onProgress: (seen) => progress.push(seen) },
      );

      expect(await link.apps(udid, signal)).toContainEqual(
        expect.objectContaining({ bundleId: 'com.example.app', version: '1.0', build: '10' }),
      );
      expect(progress.at(-1)?.percent).toBe(100);
      const backup = await link.backUp(udid, folder, { signal });
      expect((await inspectBackupFolder(backup)).facts.finished).toBe(true);
    });

    it('makes a finished backup in a folder of the device’s name, and brings it up to date', async () => {
      const { link, udid } = opened;

      const first = await link.backUp(udid, folder, { signal });
      const again = await link.backUp(udid, folder, { signal });

      expect(first).toBe(join(folder, udid));
      expect(again).toBe(first);
      const { facts } = await inspectBackupFolder(again);
      expect(facts).toMatchObject({ finished: true, encrypted: false });
      expect(facts.installedApps.map(({ bundleId }) => bundleId)).toContain('com.example.app');
    });

    it('puts a backup back', async () => {
      const { link, udid } = opened;
      const backup = await link.backUp(udid, folder, { signal });

      await link.restore(udid, backup, { signal });

      expect(await link.apps(udid, signal)).toHaveLength(1);
    });

    it('refuses to restore what is no finished backup', async () => {
      await expect(opened.link.restore(opened.udid, folder, { signal })).rejects.toMatchObject({
        code: 'DEVICE_LINK_RESTORE_REFUSED',
      });
    });

    it('refuses a file that is no app', async () => {
      const path = join(folder, 'x.ipa');
      await writeFile(path, 'no zip');

      await expect(
        opened.link.install(opened.udid, { package: path }, { signal }),
      ).rejects.toMatchObject({ code: 'DEVICE_LINK_PACKAGE_UNREADABLE' });
      expect(await opened.link.apps(opened.udid, signal)).toContainEqual(
        expect.objectContaining({ version: '2.0' }),
      );
    });

    it('refuses an app that needs a newer iOS, and says which', async () => {
      const path = join(folder, 'new.ipa');
      await writeFile(path, buildPackage({ info: { MinimumOSVersion: '99.0' } }));

      await expect(
        opened.link.install(opened.udid, { package: path }, { signal }),
      ).rejects.toMatchObject({ code: 'DEVICE_LINK_OS_TOO_OLD', details: { needs: '99.0' } });
    });

    it('knows no other device', async () => {
      const other = '00008101-0000000000000000';

      for (const call of [
        opened.link.info(other, signal),
        opened.link.apps(other, signal),
        opened.link.backUp(other, folder, { signal }),
      ])
        await expect(call).rejects.toMatchObject({ code: 'DEVICE_LINK_NOT_CONNECTED' });
    });

    it('does nothing once it is aborted', async () => {
      const aborted = AbortSignal.abort();

      for (const call of [
        opened.link.backUp(opened.udid, folder, { signal: aborted }),
        opened.link.apps(opened.udid, aborted),
      ])
        await expect(call).rejects.toMatchObject({ code: 'INTERRUPTED' });
    });
  });
}
