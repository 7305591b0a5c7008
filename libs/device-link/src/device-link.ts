/**
 * The port through which the agent drives devices. It asks for what every tool can do (libimobiledevice's, pymobiledevice3) and for
 * nothing that destroys: no erasing, no uninstalling, no restoring that removes what is on the device.
 *
 * Every call may throw an ArchiveError: a `DEVICE_…` code, or INTERRUPTED after an abort.
 */
export interface DeviceLink {
  /** Of the adapter, for messages: `libimobiledevice`, `fake`. */
  readonly name: string;

  /** Devices that are connected now, trusted or not. None: an empty list. */
  devices(signal: AbortSignal): Promise<readonly ConnectedDevice[]>;

  info(udid: string, signal: AbortSignal): Promise<DeviceInfo>;

  /** The apps that people installed, in no order; offloaded ones are not among them. */
  apps(udid: string, signal: AbortSignal): Promise<readonly DeviceApp[]>;

  /**
   * Installs a package over whatever version is there; the app's data stay. That it returns proves nothing: tools say so of
   * installations that failed, so list the apps afterwards.
   */
  install(udid: string, files: PackageFiles, work: DeviceWork): Promise<void>;

  /**
   * Makes a backup into `<folder>/<UDID>`; where an earlier backup lies there it is brought up to date. After a failure the folder is no
   * backup: it must be one that nobody needs.
   *
   * @returns the backup's folder
   */
  backUp(udid: string, folder: string, work: DeviceWork): Promise<string>;

  /**
   * Puts the files of an Apple-format folder onto the device. What else is on the device stays; apps are not installed by it; the device
   * is not told to restart.
   */
  restore(udid: string, backup: string, work: DeviceWork): Promise<void>;
}

export interface ConnectedDevice {
  /** In the form the device says it. */
  readonly udid: string;
  readonly connection: 'usb' | 'network';
}

export interface DeviceInfo {
  readonly udid: string;
  readonly name: string;
  /** `iPhone14,5` */
  readonly productType: string;
  /** `17.5.1` */
  readonly productVersion: string;
  /** Backups it makes are encrypted with a password of the device's own. */
  readonly encryptsBackups: boolean;
}

export interface DeviceApp {
  readonly bundleId: string;
  readonly name: string | undefined;
  /** CFBundleShortVersionString: what people see. */
  readonly version: string | undefined;
  /** CFBundleVersion */
  readonly build: string | undefined;
  /** The store's number of this version, where the device gives its iTunesMetadata. */
  readonly externalVersionId: string | undefined;
}

export interface PackageFiles {
  /** An .ipa. */
  readonly package: string;
  /** The rights and the store's description, where they are kept beside the package and not in it. */
  readonly sinf?: string | undefined;
  readonly metadata?: string | undefined;
}

/** What every long call takes. */
export interface DeviceWork {
  readonly signal: AbortSignal;
  readonly onProgress?: ((progress: DeviceProgress) => void) | undefined;
}

export interface DeviceProgress {
  /** Of the whole call, 0 to 100; undefined while nobody can say. */
  readonly percent?: number | undefined;
  /** The device waits for its owner: its passcode has to be entered, or this computer to be trusted. */
  readonly waitingFor?: 'passcode' | 'trust' | undefined;
}
