import type { HouseholdId, JobId } from '@rootcellar/model';

export type JobState = 'waiting' | 'active' | 'completed' | 'failed';

/** A background job as its requester sees it. */
export interface JobView {
  readonly id: JobId;
  readonly name: string;
  readonly householdId: HouseholdId;
  readonly state: JobState;
  /** Counters, as the job reports them; bytes for what moves bytes. */
  readonly progress: Readonly<Record<string, number>>;
  /** What it found, once it is completed. */
  readonly result: unknown;
  /** A stable code, once it has failed. */
  readonly failure: string | undefined;
}

/** Work that goes on without its requester. Jobs are idempotent and resumable; a lost queue loses no data. */
export interface JobQueue {
  /** One scrub per household at a time: asking again gives the one that waits or runs. */
  requestScrub(householdId: HouseholdId): Promise<JobId>;
  find(householdId: HouseholdId, id: JobId): Promise<JobView | undefined>;
}
