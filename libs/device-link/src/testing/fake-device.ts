import { join } from 'node:path';
import { rm } from 'node:fs/promises';
import { buildBackup } from '@rootcellar/ios/testing';
import type { BackupAppSpec, BackupFileSpec } from '@rootcellar/ios/testing';
import type { DeviceApp, DeviceInfo } from '../device-link.js';

/** An app on a fake device. */
export interface FakeApp {
  readonly bundleId: string;
  readonly name?: string | undefined;
  readonly version: string;
  readonly build: string;
  /** Without one the app is side-loaded: a backup says only that it is there. */
  readonly externalVersionId?: string | undefined;
}

export interface FakeFile {
  readonly domain: string;
  readonly path: string;
  readonly content: string | Uint8Array;
}

export interface FakeDeviceSpec extends Partial<DeviceInfo> {
  readonly apps?: readonly FakeApp[];
  readonly files?: readonly FakeFile[];
}

/** What is on a device that does not exist, and what a backup of it would contain. */
export class FakeDevice {
  readonly info: DeviceInfo;
  readonly #apps: Map<string, FakeApp>;
  readonly #files = new Map<string, FakeFile>();

  constructor({ apps = [], files = [], ...info }: FakeDeviceSpec = {}) {
    this.info = {
      udid: '00008101-000A1B2C3D4E5F60',
      name: 'Test iPhone',
      productType: 'iPhone14,5',
      productVersion: '17.5.1',
      encryptsBackups: false,
      ...info,
    };
    this.#apps = new Map(apps.map((app) => [app.bundleId, app]));
    for (const file of files) this.write(file);
  }

  /** Installs or replaces; data stay as they are. */
  setApp(app: FakeApp): void {
    this.#apps.set(app.bundleId, app);
  }

  removeApp(bundleId: string): void {
    this.#apps.delete(bundleId);
  }

  write(file: FakeFile): void {
    this.#files.set(`${file.domain}/${file.path}`, file);
  }

  /** The text of a file; undefined when there is none. */
  read(domain: string, path: string): string | undefined {
    const content = this.#files.get(`${domain}/${path}`)?.content;
    return content === undefined ? undefined : Buffer.from(content).toString();
  }

  apps(): DeviceApp[] {
    return Array.from(this.#apps.values(), (app) => ({
      bundleId: app.bundleId,
      name: app.name,
      version: app.version,
      build: app.build,
      externalVersionId: app.externalVersionId,
    }));
  }

  /** Writes an Apple-format folder; one that was cut off has no `finished` in it. @returns its path */
  async backUp(
    into: string,
    at: { readonly now: Date; readonly cutOff: boolean },
  ): Promise<string> {
    const { udid, name, productType, productVersion, encryptsBackups } = this.info;
    await rm(join(into, udid), { recursive: true, force: true });
    const { folder } = await buildBackup(into, {
      ...{ udid, deviceName: name, productType, productVersion, encrypted: encryptsBackups },
      takenAt: at.now,
      snapshotState: at.cutOff ? 'uploading' : 'finished',
      folders: 'needed',
      apps: Array.from(this.#apps.values(), backupApp),
      files: [...this.#folders(), ...this.#backupFiles()],
    });
    return folder;
  }

  #backupFiles(): BackupFileSpec[] {
    return Array.from(this.#files.values(), (file) => ({ ...file, digest: 'right' }));
  }

  #folders(): BackupFileSpec[] {
    const domains = new Set(Array.from(this.#files.values(), ({ domain }) => domain));
    return Array.from(domains, (domain) => ({ domain, path: '', type: 'folder' }));
  }
}

function backupApp({ bundleId, name, version, build, externalVersionId }: FakeApp): BackupAppSpec {
  if (externalVersionId === undefined) return { bundleId, build, sideLoaded: true };
  return {
    ...{ bundleId, version, build, externalVersionId: Number(externalVersionId) },
    ...(name === undefined ? {} : { name }),
  };
}
