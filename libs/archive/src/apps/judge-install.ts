import { judgeInstall } from '@rootcellar/ios';
import type { InstallVerdict, PackageProblem } from '@rootcellar/ios';
import { ArchiveError } from '@rootcellar/model';
import type { ArtifactId, DeviceId } from '@rootcellar/model';
import { compareDotted } from '@rootcellar/retention';
import type { InstallCatalog, InstallDevice, PackageRecord } from '../ports/install-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import { noSuchPackage } from './no-such-package.js';
import { installFactsOf, problemsOf } from './package-facts.js';
import { requireIosApp } from './require-ios-app.js';

/** Whether a package can be installed on a device: yes or no with reasons, and what only the device or Apple can decide. */
export interface DeviceVerdict extends InstallVerdict {
  readonly device: InstallDevice;
}

export interface JudgedPackage extends Omit<PackageRecord, 'facts'> {
  readonly problems: readonly PackageProblem[];
}

export interface Installability {
  readonly package: JudgedPackage;
  readonly items: readonly DeviceVerdict[];
  /** Behind which device the next page begins. */
  readonly nextCursor: string | null;
}

export interface InstallabilityRequest {
  /** This device alone. */
  readonly deviceId?: DeviceId | undefined;
  readonly cursor?: string | undefined;
  readonly limit: number;
}

/** Judges a package against the devices of who asks, from what it says of itself and from the devices' newest backups. */
export class JudgeInstall {
  readonly #catalog: InstallCatalog;

  constructor(catalog: InstallCatalog) {
    this.#catalog = catalog;
  }

  /**
   * On every device the actor holds, or on one.
   * @throws ArchiveError NOT_FOUND: the package or the device is not there, or not for the actor to see; PACKAGE_NOT_FOR_IOS
   */
  async execute(
    actor: Actor,
    id: ArtifactId,
    { deviceId, cursor, limit }: InstallabilityRequest,
  ): Promise<Installability> {
    const found = await this.#catalog.findPackage(actor, id);
    if (found === undefined) throw noSuchPackage();
    requireIosApp(found.bundleId);
    const devices = await this.#catalog.installDevices(actor, id, {
      ...{ only: deviceId, after: cursor },
      limit: limit + 1,
    });
    if (deviceId !== undefined && devices.length === 0) throw noSuchDevice();
    const { facts, ...judged } = found;
    const known = installFactsOf(facts);
    const items = devices
      .slice(0, limit)
      .map((device) => ({ device, ...judgeInstall(known, device, compareDotted) }));
    return {
      package: { ...judged, problems: problemsOf(facts) },
      items,
      nextCursor: devices.length > limit ? (items.at(-1)?.device.id ?? null) : null,
    };
  }

  /** On one device. @throws ArchiveError NOT_FOUND, as `execute` */
  async judgeFor(
    actor: Actor,
    id: ArtifactId,
    deviceId: DeviceId,
  ): Promise<DeviceVerdict & { readonly package: JudgedPackage }> {
    const { package: judged, items } = await this.execute(actor, id, { deviceId, limit: 1 });
    const [verdict] = items;
    if (verdict === undefined) throw noSuchDevice();
    return { ...verdict, package: judged };
  }
}

function noSuchDevice(): ArchiveError {
  return new ArchiveError('NOT_FOUND', 'There is no such device, or it is not yours.', {
    hint: '`rootcellar device list` shows yours.',
  });
}
