export type { Database } from '../data-source.js';
export { listAppVersions, listApps } from './list-apps.query.js';
export type { AppVersionView, AppView, ArtifactView } from './list-apps.query.js';
export { findDevice, listDevices } from './list-devices.query.js';
export type { DeviceView } from './list-devices.query.js';
export { findSnapshotView, listSnapshots } from './list-snapshots.query.js';
export type { SnapshotView } from './list-snapshots.query.js';
export type { Page, PageRequest } from './page.js';
