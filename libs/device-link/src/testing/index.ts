export { FakeDevice } from './fake-device.js';
export type { FakeApp, FakeDeviceSpec, FakeFile } from './fake-device.js';
export { FakeDeviceLink } from './fake-device-link.js';
export type { DeviceCall, Mishap } from './mishap.js';
