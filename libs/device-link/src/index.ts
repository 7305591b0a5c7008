export type {
  ConnectedDevice,
  DeviceApp,
  DeviceInfo,
  DeviceLink,
  DeviceProgress,
  DeviceWork,
  PackageFiles,
} from './device-link.js';
export { deviceError } from './device-error.js';
export type { DeviceErrorCode } from './device-error.js';
export { DEVICE_LINKS, openDeviceLink } from './open-device-link.js';
export type { DeviceLinkFactory } from './open-device-link.js';
