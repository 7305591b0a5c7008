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
  readonly requestedAt: Date;
  readonly endedAt: Date | undefined;
}

export interface CollectionRequest {
  /** Seconds a condemned pack waits before it is deleted. */
  readonly graceSeconds?: number;
  /** Packs of which less than this part is needed are written anew, 0 to 1. */
  readonly repackBelow?: number;
}

/** The request that asked for a job, as the log names it. For log lines only; nothing is decided by it. */
export interface JobOrigin {
  /** Made by the service. */
  readonly requestId: string;
  /** 32 hexadecimal digits that all requests of one command share; the sender chose it. */
  readonly traceId: string;
}

/** Work that goes on without its requester. Jobs are idempotent and resumable; a lost queue loses no data. */
export interface JobQueue {
  /** One scrub per household at a time: asking again gives the one that waits or runs. */
  requestScrub(householdId: HouseholdId, origin?: JobOrigin): Promise<JobId>;
  /** As above: one collection per household at a time. Without options as it is scheduled. */
  requestCollection(
    householdId: HouseholdId,
    options?: CollectionRequest,
    origin?: JobOrigin,
  ): Promise<JobId>;
  /** Applies the household's policy, as nobody in particular. */
  requestRetention(householdId: HouseholdId, origin?: JobOrigin): Promise<JobId>;
  /** The household's jobs, newest first, at most 100. */
  list(householdId: HouseholdId): Promise<readonly JobView[]>;
  /**
   * Takes a waiting job away; tells a running one to stop at its next step.
   * @returns false when there is no such job, or it has ended
   */
  cancel(householdId: HouseholdId, id: JobId): Promise<boolean>;
  find(householdId: HouseholdId, id: JobId): Promise<JobView | undefined>;
}
