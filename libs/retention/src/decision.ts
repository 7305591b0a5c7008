import type { RuleScope } from './policy/effective-rules.js';

/** The rules that keep snapshots, in the order they are counted. */
export type SnapshotRule = 'within' | 'last' | 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly';

/** The rules that keep app versions. */
export type VersionRule = 'within' | 'last' | 'last-per-major' | 'before-subscription' | 'runnable';

export type ReasonCode =
  | SnapshotRule
  | VersionRule
  /** Somebody said it stays. */
  | 'pinned'
  /** Floor: the device's newest complete snapshot. */
  | 'newest-complete'
  /** An incomplete snapshot, and nothing complete is newer. */
  | 'incomplete-newest'
  /** Floor: a device's newest backup says it is installed. */
  | 'on-device'
  /** Floor: somebody said that it stays on a device. */
  | 'held'
  /** Stored less than `minimumKeep` ago. */
  | 'minimum-keep'
  /** No rules were written for its device or app. */
  | 'no-policy';

/** Why an item stays. Plain JSON; which fields there are depends on the code. */
export interface Reason {
  readonly code: ReasonCode;
  /** The item is the `count`-th of `of` that the rule keeps. */
  readonly count?: number;
  readonly of?: number;
  /** Local: `2026-11-25T02+01:00`, `2026-11-25`, `2026-W48`, `2026-11`, `2026`. */
  readonly period?: string;
  /** Of `last-per-major`; empty when the version is not known. */
  readonly major?: string;
  /** The duration of `within` and `minimum-keep`, such as `14d`. */
  readonly span?: string;
  /** Of `on-device`, `held` and `runnable`. Whoever may not see the device must not see its id either. */
  readonly deviceId?: string;
  /** `iPhone`, `iPad`, `iPod`; `device` when it is not known. */
  readonly deviceKind?: string;
  /** Where the rule was written. */
  readonly from?: RuleScope;
}

/**
 * Why an item goes: no rule keeps it; the budget took it; or it is an incomplete snapshot that nothing keeps,
 * and a complete one is newer.
 */
export type RemovalRule = 'no-rule' | 'budget' | 'superseded-incomplete';

export interface ItemDecision {
  readonly id: string;
  readonly kind: 'snapshot' | 'version';
  /** Device id of a snapshot, bundle id of a version. */
  readonly group: string;
  readonly keep: boolean;
  /** Never empty for what stays. What the budget takes still has those that would have kept it. */
  readonly reasons: readonly Reason[];
  /** Set exactly for what goes. */
  readonly removedBy?: RemovalRule;
}

export interface BudgetOutcome {
  readonly limit: number;
  /** Bytes of everything that stays. */
  readonly after: number;
  /** False: what may not be removed is more than the budget. */
  readonly fits: boolean;
}

export interface RetentionDecision {
  /** Snapshots, then versions, each in input order. */
  readonly items: readonly ItemDecision[];
  /** Set exactly when the policy has a budget. */
  readonly budget?: BudgetOutcome;
}
