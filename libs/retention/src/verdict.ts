import type { Reason, RemovalRule } from './decision.js';

/** What is known of an item before the budget is looked at. */
export interface Verdict {
  /** Empty: it goes. */
  readonly reasons: readonly Reason[];
  /** Not even the budget may take it: pinned, floor, or under minimum keep. */
  readonly isProtected: boolean;
  /** By what it goes, when nothing keeps it. */
  readonly otherwise: RemovalRule;
  /** What the budget orders by. */
  readonly date: Date;
}
