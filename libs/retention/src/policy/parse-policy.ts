import { effectiveSnapshotRules, effectiveVersionRules, keepsNothing } from './effective-rules.js';
import type { EffectiveSnapshotRules, EffectiveVersionRules } from './effective-rules.js';
import type { AppOverride, DeviceOverride, HouseholdPolicy } from './household-policy.js';
import { readBudget } from './read-budget.js';
import { readFields, readSnapshotRules, readVersionRules } from './read-rules.js';
import { readDays, readDuration, readObject } from './read-values.js';
import type { ReadValue } from './read-values.js';
import { at, atForeign, refusePolicy } from './refuse-policy.js';
import type { JsonPath } from './refuse-policy.js';

const OVERRIDES_MAX = 10_000;
const NAME_MAX_LENGTH = 255;

/**
 * The policy in an admin's JSON, checked, frozen and in its normal form (parsing that again gives the same).
 *
 * Refuses what keeps nothing, says nothing or is most likely not meant: unknown keys, sections whose rules are all off
 * (also after an override), a budget below 1 MB, overrides of the wrong kind.
 *
 * @throws ArchiveError RETENTION_POLICY_INVALID; the message says where and why, `details.path` where.
 */
export function parsePolicy(value: unknown): HouseholdPolicy {
  const policy = readFields<HouseholdPolicy>(value, '', {
    snapshots: readSnapshotRules,
    versions: readVersionRules,
    budget: readBudget,
    minimumKeep: readDuration,
    binDays: readDays,
    devices: overridesBy(readDeviceOverride),
    apps: overridesBy(readAppOverride),
  });
  for (const [path, rules] of sectionsOf(policy)) {
    if (keepsNothing(rules)) {
      refusePolicy(path, 'would keep nothing: every rule of it is 0 or false', KEEP_ALL);
    }
  }
  if (policy.budget === undefined && sectionsOf(policy).length === 0) {
    refusePolicy('', 'has neither a rule nor a budget: it would never remove anything', KEEP_ALL);
  }
  return policy;
}

const KEEP_ALL = 'To keep everything of a kind, leave its section out; what has no rules stays.';

function readDeviceOverride(value: unknown, path: JsonPath): DeviceOverride {
  if (Object.hasOwn(readObject(value, path), 'versions')) {
    refusePolicy(at(path, 'versions'), 'cannot be: versions are kept per app, not per device');
  }
  return readFields<DeviceOverride>(value, path, { snapshots: readSnapshotRules });
}

function readAppOverride(value: unknown, path: JsonPath): AppOverride {
  if (Object.hasOwn(readObject(value, path), 'snapshots')) {
    refusePolicy(at(path, 'snapshots'), 'cannot be: snapshots are kept per device, not per app');
  }
  return readFields<AppOverride>(value, path, { versions: readVersionRules });
}

function overridesBy<Override>(
  read: ReadValue<Override>,
): ReadValue<Readonly<Record<string, Override>>> {
  return (value, path) => {
    const entries = Object.entries(readObject(value, path));
    if (entries.length > OVERRIDES_MAX) refusePolicy(path, `has more than ${OVERRIDES_MAX} keys`);
    const overrides = entries.map(([name, entry]) => {
      const entryPath = atForeign(path, name);
      if (name === '' || name.length > NAME_MAX_LENGTH) {
        refusePolicy(entryPath, `must be an id of 1 to ${NAME_MAX_LENGTH} characters`);
      }
      return [name, read(entry, entryPath)] as const;
    });
    // `fromEntries` makes own keys of all, also of `__proto__`.
    return Object.freeze(Object.fromEntries(overrides));
  };
}

/** Every section that was written, with the rules that follow from it. */
function sectionsOf(
  policy: HouseholdPolicy,
): (readonly [JsonPath, EffectiveSnapshotRules | EffectiveVersionRules])[] {
  const household = { ...policy, devices: {}, apps: {} };
  return [
    ...section('snapshots', effectiveSnapshotRules(household, '')),
    ...section('versions', effectiveVersionRules(household, '')),
    ...Object.entries(policy.devices ?? {})
      .filter(([, { snapshots }]) => snapshots !== undefined)
      .flatMap(([id]) =>
        section(`${atForeign('devices', id)}.snapshots`, effectiveSnapshotRules(policy, id)),
      ),
    ...Object.entries(policy.apps ?? {})
      .filter(([, { versions }]) => versions !== undefined)
      .flatMap(([id]) =>
        section(`${atForeign('apps', id)}.versions`, effectiveVersionRules(policy, id)),
      ),
  ];
}

function section<Rules>(path: JsonPath, rules: Rules | undefined): (readonly [JsonPath, Rules])[] {
  return rules === undefined ? [] : [[path, rules]];
}
