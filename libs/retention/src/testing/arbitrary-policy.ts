import fc from 'fast-check';
import type { HouseholdPolicy, SnapshotRules, VersionRules } from '../policy/household-policy.js';

const count = fc.oneof(fc.nat({ max: 3 }), fc.nat({ max: 9 }));
const span = fc.constantFrom('0d', '5h', '2d', '1w', '3m', '2y');
const OPTIONAL = { requiredKeys: [] };

export const arbitrarySnapshotRules: fc.Arbitrary<SnapshotRules> = fc.record(
  {
    ...{ within: span, last: count, hourly: count, daily: count },
    ...{ weekly: count, monthly: count, yearly: count },
  },
  OPTIONAL,
);

export const arbitraryVersionRules: fc.Arbitrary<VersionRules> = fc.record(
  {
    ...{ within: span, last: count, lastPerMajor: count },
    ...{ beforeSubscription: fc.boolean(), onDevices: fc.boolean(), runnable: fc.boolean() },
  },
  OPTIONAL,
);

/** Policies without a budget, for the devices `phone` and `pad` and the apps `a` and `b`; not all of them parse. */
export const arbitraryPolicy: fc.Arbitrary<HouseholdPolicy> = fc.record(
  {
    snapshots: arbitrarySnapshotRules,
    versions: arbitraryVersionRules,
    minimumKeep: span,
    devices: fc.record({ pad: fc.record({ snapshots: arbitrarySnapshotRules }, OPTIONAL) }),
    apps: fc.record({ b: fc.record({ versions: arbitraryVersionRules }, OPTIONAL) }),
  },
  OPTIONAL,
);
