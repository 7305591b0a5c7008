import type { DeviceFacts, VersionItem } from '../items.js';
import { compareDotted } from './compare-versions.js';

/** The `UIDeviceFamily` numbers of packages that run on a kind of device. iPads and Vision run iPhone apps too. */
const FAMILIES: Readonly<Record<string, readonly number[]>> = {
  iPhone: [1],
  iPod: [1],
  iPad: [1, 2],
  AppleTV: [3],
  Watch: [4],
  RealityDevice: [1, 2, 7],
};

/** `iPhone14,5` is an `iPhone`; `device` when it is none that is known. */
export function deviceKind({ productType }: DeviceFacts): string {
  return Object.keys(FAMILIES).find((kind) => productType?.startsWith(kind) === true) ?? 'device';
}

/** Whether the device could run the package. False when the device's iOS is not known; what a package does not say fits. */
export function fitsDevice(file: VersionItem, device: DeviceFacts): boolean {
  if (device.productVersion === undefined) return false;
  if (compareDotted(file.minimumOs, device.productVersion) > 0) return false;
  const runnable = FAMILIES[deviceKind(device)];
  return (
    runnable === undefined ||
    file.deviceFamilies.length === 0 ||
    file.deviceFamilies.some((family) => runnable.includes(family))
  );
}
