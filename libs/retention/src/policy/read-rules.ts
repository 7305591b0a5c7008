import type { SnapshotRules, VersionRules } from './household-policy.js';
import { readCount, readDuration, readFlag, readKnown } from './read-values.js';
import type { ReadValue } from './read-values.js';
import { at } from './refuse-policy.js';
import type { JsonPath } from './refuse-policy.js';

type Readers<Rules> = { readonly [Rule in keyof Rules]-?: ReadValue<Required<Rules>[Rule]> };

const SNAPSHOT_RULES: Readers<SnapshotRules> = {
  within: readDuration,
  last: readCount,
  hourly: readCount,
  daily: readCount,
  weekly: readCount,
  monthly: readCount,
  yearly: readCount,
};

const VERSION_RULES: Readers<VersionRules> = {
  within: readDuration,
  last: readCount,
  lastPerMajor: readCount,
  beforeSubscription: readFlag,
  onDevices: readFlag,
  runnable: readFlag,
};

/** A `snapshots` section, frozen. Refuses with RETENTION_POLICY_INVALID. */
export function readSnapshotRules(value: unknown, path: JsonPath): SnapshotRules {
  return readFields<SnapshotRules>(value, path, SNAPSHOT_RULES);
}

/** A `versions` section, frozen. Refuses with RETENTION_POLICY_INVALID. */
export function readVersionRules(value: unknown, path: JsonPath): VersionRules {
  return readFields<VersionRules>(value, path, VERSION_RULES);
}

/** An object of optional fields, each through its reader; absent ones stay absent. Frozen. */
export function readFields<Fields extends object>(
  value: unknown,
  path: JsonPath,
  readers: Readers<Fields>,
): Fields {
  const object = readKnown(value, path, Object.keys(readers));
  const read = Object.entries<ReadValue<unknown>>(readers)
    .filter(([key]) => Object.hasOwn(object, key) && object[key] !== undefined)
    .map(([key, reader]) => [key, reader(object[key], at(path, key))] as const);
  return Object.freeze(Object.fromEntries(read)) as Fields;
}
