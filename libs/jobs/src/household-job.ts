import type { JobOrigin } from '@rootcellar/archive';
import type { JobsOptions } from 'bullmq';
import type { CollectPayload } from './collect.job.js';
import type { RetentionPayload } from './retention.job.js';
import type { ScrubPayload } from './scrub.job.js';

/** Jobs that work on one household: idempotent and resumable, one of a kind at a time. */
export type HouseholdPayload = (ScrubPayload | CollectPayload | RetentionPayload) & {
  /** Somebody wants it to stop; it looks at every step. */
  readonly cancelled?: boolean;
  /** Who asked, as the log names it; nobody when it is due by itself. */
  readonly origin?: JobOrigin;
};

export const HOUSEHOLD_JOB_OPTIONS = {
  attempts: 3,
  backoff: { type: 'exponential', delay: 5_000 },
  removeOnComplete: { age: 7 * 24 * 3600, count: 1000 },
  removeOnFail: { age: 30 * 24 * 3600 },
} as const satisfies JobsOptions;
