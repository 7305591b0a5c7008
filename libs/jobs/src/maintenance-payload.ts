import type { JobOrigin, JobRequest } from '@rootcellar/archive';
import type { JobId } from '@rootcellar/model';
import type { JobsOptions } from 'bullmq';
import type { CollectPayload } from './collect.job.js';
import type { RetentionPayload } from './retention.job.js';
import type { ScrubPayload } from './scrub.job.js';
import type { TidyUploadsPayload } from './tidy-uploads.job.js';
import type { UpkeepPayload } from './upkeep.job.js';

/** Jobs that work on one household: idempotent and resumable, one of a kind at a time. */
export type HouseholdPayload = (ScrubPayload | CollectPayload | RetentionPayload) & {
  /** What PostgreSQL keeps it by, and the queue too. Jobs of a release that kept them in the queue alone have none. */
  readonly requestId?: JobId;
  /** Who asked, as the log names it; nobody when it is due by itself. */
  readonly origin?: JobOrigin;
};

export type MaintenancePayload = HouseholdPayload | TidyUploadsPayload | UpkeepPayload;

/** What is gone for a while (a database, a bucket) is waited for: 8 attempts in about ten minutes. */
const HOUSEHOLD_JOB_OPTIONS = {
  attempts: 8,
  backoff: { type: 'exponential', delay: 5_000 },
  // What became of it is kept in PostgreSQL.
  removeOnComplete: { age: 3600, count: 1000 },
  removeOnFail: { age: 24 * 3600, count: 1000 },
} as const satisfies JobsOptions;

/** Queued by the id of its request: adding it again changes nothing. */
export function householdJob({ id, name, householdId, options }: JobRequest): {
  readonly name: string;
  readonly payload: HouseholdPayload;
  readonly options: JobsOptions;
} {
  return {
    name,
    payload: { version: 1, householdId, ...options, requestId: id },
    options: { ...HOUSEHOLD_JOB_OPTIONS, jobId: id },
  };
}
