import type { ArtifactId, DeviceId } from '@rootcellar/model';
import type { Membership } from './people-catalog.js';

/** A package as the catalog has it: its version and what it says of itself. */
export interface PackageRecord {
  readonly id: ArtifactId;
  readonly bundleId: string;
  /** The name under the icon. */
  readonly name: string;
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
  /** As `inspectPackage` found them when it was added; earlier releases found less. */
  readonly facts: Readonly<Record<string, unknown>>;
}

/** An app on a device, as its newest backup says. */
export interface AppOnDevice {
  readonly version: string | undefined;
  readonly build: string | undefined;
  readonly externalVersionId: string | undefined;
  /** Its data are there, the app itself is not. */
  readonly offloaded: boolean;
}

/** A device its reader may see, with what the newest of its backups they may read says. */
export interface InstallDevice {
  readonly id: DeviceId;
  readonly name: string;
  readonly productType: string | undefined;
  readonly productVersion: string | undefined;
  /** When that backup was taken; undefined when there is none. */
  readonly asOf: Date | undefined;
  /** Whether an app of that backup was bought with the Apple ID the package was bought with; undefined when one of both does not say. */
  readonly buyerKnown: boolean | undefined;
  /** The package's app as it is on the device; undefined when it is not there. */
  readonly installed: AppOnDevice | undefined;
}

/** What packages and devices say, for the members who may know. */
export interface InstallCatalog {
  /** Undefined for a package that is not there, and for one the reader may not read. */
  findPackage(reader: Membership, id: ArtifactId): Promise<PackageRecord | undefined>;
  /**
   * The devices the reader holds, by id, behind `after`; without retired ones and those another continues, unless one is asked for.
   * @param page.only that device alone, if the reader may see it
   */
  installDevices(
    reader: Membership,
    id: ArtifactId,
    page: {
      readonly only?: DeviceId | undefined;
      readonly after?: string | undefined;
      readonly limit: number;
    },
  ): Promise<readonly InstallDevice[]>;
}
