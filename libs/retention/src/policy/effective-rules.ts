import { durationMs } from './duration.js';
import type { HouseholdPolicy, SnapshotRules, VersionRules } from './household-policy.js';

/** Where a rule's value was written. */
export type RuleScope = 'household' | 'device' | 'app';

/** A rule that nobody wrote is off, and counts as the household's. */
export interface EffectiveRule<Value> {
  readonly value: Value;
  readonly from: RuleScope;
}

type Effective<Rules> = {
  readonly [Rule in keyof Rules]-?: EffectiveRule<Required<Rules>[Rule]>;
};
export type EffectiveSnapshotRules = Effective<SnapshotRules>;
export type EffectiveVersionRules = Effective<VersionRules>;

const NO_SNAPSHOTS: Required<SnapshotRules> = {
  within: '0d',
  last: 0,
  hourly: 0,
  daily: 0,
  weekly: 0,
  monthly: 0,
  yearly: 0,
};

const NO_VERSIONS: Required<VersionRules> = {
  within: '0d',
  last: 0,
  lastPerMajor: 0,
  beforeSubscription: false,
  onDevices: false,
  runnable: false,
};

/** The rules for one device, its own over the household's, key by key. Undefined: nobody wrote any, all stays. */
export function effectiveSnapshotRules(
  policy: HouseholdPolicy,
  deviceId: string,
): EffectiveSnapshotRules | undefined {
  const own = ownEntry(policy.devices, deviceId)?.snapshots;
  return merge(NO_SNAPSHOTS, policy.snapshots, own, 'device');
}

/** The rules for one app, its own over the household's, key by key. Undefined: nobody wrote any, all stays. */
export function effectiveVersionRules(
  policy: HouseholdPolicy,
  bundleId: string,
): EffectiveVersionRules | undefined {
  const own = ownEntry(policy.apps, bundleId)?.versions;
  return merge(NO_VERSIONS, policy.versions, own, 'app');
}

/** Whether every rule is off. */
export function keepsNothing(rules: EffectiveSnapshotRules | EffectiveVersionRules): boolean {
  return Object.values(rules).every(({ value }: EffectiveRule<number | boolean | string>) =>
    typeof value === 'string' ? durationMs(value) === 0 : value === 0 || value === false,
  );
}

/** Names come from outside: `constructor` is a bundle id like any other. */
function ownEntry<Entry>(
  entries: Readonly<Record<string, Entry>> | undefined,
  name: string,
): Entry | undefined {
  return entries !== undefined && Object.hasOwn(entries, name) ? entries[name] : undefined;
}

function merge<Rules extends object>(
  off: Required<Rules>,
  household: Rules | undefined,
  own: Rules | undefined,
  scope: RuleScope,
): Effective<Rules> | undefined {
  if (household === undefined && own === undefined) return undefined;
  const rules = (Object.keys(off) as (keyof Rules)[]).map((rule) => {
    const written = own?.[rule];
    return [
      rule,
      written === undefined
        ? { value: household?.[rule] ?? off[rule], from: 'household' }
        : { value: written, from: scope },
    ];
  });
  return Object.fromEntries(rules) as Effective<Rules>;
}
