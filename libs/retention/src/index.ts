export { parsePolicy } from './policy/parse-policy.js';
export type {
  AppOverride,
  DeviceOverride,
  Duration,
  HouseholdPolicy,
  SnapshotRules,
  VersionRules,
} from './policy/household-policy.js';
export { effectiveSnapshotRules, effectiveVersionRules } from './policy/effective-rules.js';
export type {
  EffectiveRule,
  EffectiveSnapshotRules,
  EffectiveVersionRules,
  RuleScope,
} from './policy/effective-rules.js';
export type { AppFacts, DeviceFacts, InstalledApp, SnapshotItem, VersionItem } from './items.js';
export type { SpaceLedger } from './budget/space-ledger.js';
export { planRetention } from './plan-retention.js';
export type { RetentionInput } from './plan-retention.js';
export type {
  BudgetOutcome,
  ItemDecision,
  Reason,
  ReasonCode,
  RemovalRule,
  RetentionDecision,
  SnapshotRule,
  VersionRule,
} from './decision.js';
export { explainReason } from './explain-reason.js';
export { clockTrouble, confirmationsNeeded } from './rails.js';
export type { ClockTrouble, Confirmation, RailItem, RemovalExtent } from './rails.js';
export { compareDigits, compareDotted, isDigits } from './versions/compare-versions.js';
export { decideVersions } from './versions/decide-versions.js';
export { oldestVersionFirst } from './versions/oldest-first.js';
export type { KnownVersion } from './versions/oldest-first.js';
export { isOlderVersion, isSameVersion } from './versions/same-version.js';
export type { VersionIdentity } from './versions/same-version.js';
export { newestVersionFirst } from './versions/newest-first.js';
