import type { HouseholdId, MemberId, PlanId } from '@rootcellar/model';
import type { HouseholdPolicy } from '@rootcellar/retention';
import type { Doer } from './audit-trail.js';
import type { RetentionPlan } from '../retention/retention-plan.js';

export interface Upkeep {
  /** When a schedule was last seen to, whatever it did. */
  readonly seenAt: Date | undefined;
  /** When retention last ran by itself. */
  readonly retainedAt: Date | undefined;
  readonly collectedAt: Date | undefined;
  /** Why nothing is removed by itself any more, until somebody looked. */
  readonly alert: string | undefined;
  readonly alertAt: Date | undefined;
}

/** Policies, plans, and how upkeep goes. */
export interface RetentionCatalog {
  household(
    householdId: HouseholdId,
  ): Promise<{ readonly name: string; readonly timeZone: string }>;
  policy(householdId: HouseholdId): Promise<HouseholdPolicy | undefined>;
  setPolicy(householdId: HouseholdId, policy: HouseholdPolicy, by: Doer): Promise<void>;
  /** Plans that were only shown are kept for a week, those applied for 90 days. */
  savePlan(householdId: HouseholdId, plan: RetentionPlan, by: MemberId | undefined): Promise<void>;
  findPlan(
    householdId: HouseholdId,
    id: PlanId,
  ): Promise<{ readonly plan: RetentionPlan; readonly executed: boolean } | undefined>;
  /** @returns false when it was executed before: only one may */
  markExecuted(householdId: HouseholdId, id: PlanId): Promise<boolean>;
  /** @param from the first version that wants a subscription; `undefined`: none does. @returns false when the app is not known */
  setSubscription(
    householdId: HouseholdId,
    bundleId: string,
    from: string | undefined,
  ): Promise<boolean>;
  upkeep(householdId: HouseholdId): Promise<Upkeep>;
  /** Changes what is given, leaves the rest. `alert: null` clears it. */
  noteUpkeep(
    householdId: HouseholdId,
    change: {
      readonly seenAt?: Date;
      readonly retainedAt?: Date;
      readonly collectedAt?: Date;
      readonly alert?: string | null;
    },
  ): Promise<void>;
}
