import type { DeviceFacts, SnapshotItem, VersionItem } from '../items.js';
import type { RetentionInput } from '../plan-retention.js';

/** A complete snapshot of device `phone`; its id is its time, or what is given. */
export function snapshot(takenAt: string, changes: Partial<SnapshotItem> = {}): SnapshotItem {
  const date = new Date(takenAt);
  return {
    ...{ id: takenAt, deviceId: 'phone', takenAt: date, storedAt: date },
    ...{ complete: true, pinned: false },
    ...changes,
  };
}

/** The only file of a version of `app.notes`; its id and versionId are the version, or what is given. */
export function version(shown: string, changes: Partial<VersionItem> = {}): VersionItem {
  return {
    ...{ id: shown, bundleId: 'app.notes', versionId: changes.id ?? shown },
    ...{ version: shown, build: undefined, externalVersionId: undefined },
    ...{ addedAt: new Date('2026-01-01T00:00:00Z'), minimumOs: undefined },
    ...{ deviceFamilies: [], pinned: false },
    ...changes,
  };
}

export function device(id: string, changes: Partial<DeviceFacts> = {}): DeviceFacts {
  return { id, productType: 'iPhone14,5', productVersion: '26.1', installed: [], ...changes };
}

/** Nothing, for a household in Berlin at noon of 2026-11-25 UTC. */
export const NOTHING: RetentionInput = {
  policy: {},
  now: new Date('2026-11-25T12:00:00Z'),
  timeZone: 'Europe/Berlin',
  snapshots: [],
  versions: [],
  devices: [],
  apps: [],
};
