import { join } from 'node:path';
import { open, readFile, stat } from 'node:fs/promises';
import { inspectPackage, openManifest, readerOfFile } from '@rootcellar/ios';
import { ArchiveError, isArchiveError, systemClock } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { newestVersion } from './newest-version.js';
import { deviceError } from '../device-error.js';
import type {
  ConnectedDevice,
  DeviceApp,
  DeviceInfo,
  DeviceLink,
  DeviceWork,
  PackageFiles,
} from '../device-link.js';
import type { FakeDevice } from './fake-device.js';
import type { DeviceCall, Mishap } from './mishap.js';

/** Drives devices in memory; what goes wrong is scripted. */
export class FakeDeviceLink implements DeviceLink {
  readonly name = 'fake';
  /** Each call, in order. */
  readonly calls: DeviceCall[] = [];
  /** What is still to go wrong. */
  readonly script: Mishap[] = [];
  readonly #clock: Clock;
  readonly #plugged = new Map<string, FakeDevice>();

  constructor(devices: readonly FakeDevice[] = [], clock: Clock = systemClock) {
    this.#clock = clock;
    for (const device of devices) this.plug(device);
  }

  plug(device: FakeDevice): void {
    this.#plugged.set(device.info.udid, device);
  }

  unplug(udid: string): void {
    this.#plugged.delete(udid);
  }

  async devices(signal: AbortSignal): Promise<readonly ConnectedDevice[]> {
    await this.#begin('devices', { signal });
    return Array.from(this.#plugged.keys(), (udid) => ({ udid, connection: 'usb' }));
  }

  async info(udid: string, signal: AbortSignal): Promise<DeviceInfo> {
    const device = this.#find(udid);
    await this.#begin('info', { signal });
    return device.info;
  }

  async apps(udid: string, signal: AbortSignal): Promise<readonly DeviceApp[]> {
    const device = this.#find(udid);
    await this.#begin('apps', { signal });
    return device.apps();
  }

  async install(udid: string, files: PackageFiles, work: DeviceWork): Promise<void> {
    const device = this.#find(udid);
    const mishap = await this.#begin('install', work);
    const app = await readPackage(files.package);
    const { productVersion } = device.info;
    if (newestVersion(app.minimumOs, productVersion) !== productVersion) {
      throw deviceError('DEVICE_LINK_OS_TOO_OLD', {
        details: { needs: app.minimumOs ?? '', has: productVersion },
      });
    }
    this.#halfway(udid, mishap, work);
    if (mishap?.does !== 'lies') device.setApp(app);
    work.onProgress?.({ percent: 100 });
  }

  async backUp(udid: string, folder: string, work: DeviceWork): Promise<string> {
    const device = this.#find(udid);
    const mishap = await this.#begin('backUp', work);
    const now = this.#clock.now();
    const lies = mishap?.does === 'lies';
    if (mishap !== undefined && mishap.does !== 'asks-passcode')
      await device.backUp(folder, { now, cutOff: true });
    this.#halfway(udid, mishap, work);
    // The contract promises a finished folder: an adapter looks, and so does the fake's.
    if (lies) throw deviceError('DEVICE_LINK_BACKUP_FAILED');
    const backup = await device.backUp(folder, { now, cutOff: false });
    work.onProgress?.({ percent: 100 });
    return backup;
  }

  async restore(udid: string, backup: string, work: DeviceWork): Promise<void> {
    const device = this.#find(udid);
    await requireFinished(backup);
    const mishap = await this.#begin('restore', work);
    if (mishap?.does === 'lies') return;
    const broken = mishap !== undefined && mishap.does !== 'asks-passcode';
    await takeFiles(device, backup, broken ? 1 : Infinity);
    this.#halfway(udid, mishap, work);
    work.onProgress?.({ percent: 100 });
  }

  #find(udid: string): FakeDevice {
    const device = this.#plugged.get(udid);
    if (device === undefined) throw deviceError('DEVICE_LINK_NOT_CONNECTED');
    return device;
  }

  /** @returns what goes wrong halfway through this call */
  async #begin(call: DeviceCall, work: DeviceWork): Promise<Mishap | undefined> {
    this.calls.push(call);
    requireGoingOn(work.signal);
    const at = this.script.findIndex(({ on }) => on === call);
    const [mishap] = at < 0 ? [] : this.script.splice(at, 1);
    work.onProgress?.({ percent: 0 });
    if (mishap?.does === 'fails' && mishap.halfway !== true) throw deviceError(mishap.with);
    if (mishap?.does === 'asks-passcode') work.onProgress?.({ waitingFor: 'passcode' });
    if (mishap?.does === 'hangs') await aborted(work.signal);
    return mishap;
  }

  #halfway(udid: string, mishap: Mishap | undefined, work: DeviceWork): void {
    requireGoingOn(work.signal);
    work.onProgress?.({ percent: 50 });
    if (mishap?.does === 'fails') throw deviceError(mishap.with);
    if (mishap?.does !== 'unplugged') return;
    this.unplug(udid);
    throw deviceError('DEVICE_LINK_CONNECTION_LOST');
  }
}

async function readPackage(path: string): Promise<{
  readonly bundleId: string;
  readonly name: string;
  readonly version: string;
  readonly build: string;
  readonly externalVersionId: string | undefined;
  readonly minimumOs: string | undefined;
}> {
  try {
    await using file = await open(path, 'r');
    const facts = await inspectPackage(readerOfFile(file), { size: (await stat(path)).size });
    const { bundleId, name, version, build = version, externalVersionId, minimumOs } = facts;
    return { bundleId, name, version, build, externalVersionId, minimumOs };
  } catch (cause) {
    throw deviceError('DEVICE_LINK_PACKAGE_UNREADABLE', { cause });
  }
}

async function requireFinished(backup: string): Promise<void> {
  const status = await readFile(join(backup, 'Status.plist')).catch(() => undefined);
  const rest = await Promise.all(
    ['Info.plist', 'Manifest.plist'].map(async (name) => stat(join(backup, name))),
  ).catch(() => undefined);
  if (rest === undefined || status?.includes('finished') !== true)
    throw deviceError('DEVICE_LINK_RESTORE_REFUSED');
}

/** Of the files of a backup at most `most`: what is on the device beside them stays. */
async function takeFiles(device: FakeDevice, backup: string, most: number): Promise<void> {
  try {
    using manifest = await openManifest(join(backup, 'Manifest.db'));
    let taken = 0;
    for (const { fileId, domain, relativePath, type } of manifest.files()) {
      if (type !== 'file') continue;
      if (taken >= most) return;
      const content = await readFile(join(backup, fileId.slice(0, 2), fileId));
      device.write({ domain, path: relativePath, content });
      taken += 1;
    }
  } catch (cause) {
    if (isArchiveError(cause) && cause.code.startsWith('DEVICE_')) throw cause;
    throw deviceError('DEVICE_LINK_RESTORE_REFUSED', { cause });
  }
}

function requireGoingOn(signal: AbortSignal): void {
  if (signal.aborted)
    throw new ArchiveError('INTERRUPTED', 'Interrupted; what is on the device was not removed.');
}

async function aborted(signal: AbortSignal): Promise<never> {
  if (!signal.aborted)
    await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
  throw new ArchiveError('INTERRUPTED', 'Interrupted; what is on the device was not removed.');
}
