import type { HouseholdId } from '@rootcellar/model';
import type { JobsOptions } from 'bullmq';

/** Reads everything a household has and checks it. */
export const SCRUB_JOB = 'scrub';

export interface ScrubPayload {
  readonly version: 1;
  readonly householdId: HouseholdId;
}

export const SCRUB_OPTIONS = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 5_000 },
  removeOnComplete: { age: 7 * 24 * 3600, count: 1000 },
  removeOnFail: { age: 30 * 24 * 3600 },
} as const satisfies JobsOptions;
