import type { HouseholdId } from '@rootcellar/model';

/** Reads everything a household has and checks it. */
export const SCRUB_JOB = 'scrub';

export interface ScrubPayload {
  readonly version: 1;
  readonly householdId: HouseholdId;
}
