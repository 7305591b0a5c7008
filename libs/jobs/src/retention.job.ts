import type { HouseholdId } from '@rootcellar/model';

/** Applies a household's policy, as nobody in particular. */
export const RETENTION_JOB = 'retention';

export interface RetentionPayload {
  readonly version: 1;
  readonly householdId: HouseholdId;
}
