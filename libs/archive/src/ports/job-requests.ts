import type { HouseholdId, JobId } from '@rootcellar/model';
import type { CollectionRequest, JobOrigin, JobView } from './job-queue.js';

/** How a job is to be done, and who asked, as the log names it; nobody when it is due by itself. */
export type JobOptions = CollectionRequest & { readonly origin?: JobOrigin };

/** What was asked for and has not ended. */
export interface JobRequest {
  readonly id: JobId;
  readonly householdId: HouseholdId;
  /** `scrub`, `collect`, `retention` */
  readonly name: string;
  readonly options: JobOptions;
}

/** What a worker hears when it begins a job or reports: go on; somebody cancelled it; it has ended already, or was taken away. */
export type JobWish = 'go-on' | 'cancelled' | 'ended';

export type JobEnd = { readonly result: unknown } | { readonly failure: string };

type Counters = Readonly<Record<string, number>>;

/**
 * What somebody asked for, kept where the archive is kept. The queue only says when it is done, and by whom: it may be lost at any time
 * and is filled anew from here. Every method is one statement (or a transaction), and may be repeated.
 */
export interface JobRequests {
  /** One of a kind per household: the one that is open, or a new one. */
  record(householdId: HouseholdId, name: string, options: JobOptions): Promise<JobRequest>;
  find(householdId: HouseholdId, id: JobId): Promise<JobView | undefined>;
  /** Newest first. */
  list(householdId: HouseholdId, most: number): Promise<readonly JobView[]>;
  /** One that waits is gone; one that runs will hear of it; of one that has ended, or of another household, nothing is changed. */
  cancel(householdId: HouseholdId, id: JobId): Promise<'gone' | 'told' | 'ended'>;

  /** A worker begins; it may be the second to do so. */
  begin(id: JobId): Promise<JobWish>;
  report(id: JobId, progress: Counters): Promise<JobWish>;
  /** It waits again: it was interrupted, or will be tried once more. */
  putBack(id: JobId): Promise<void>;
  /** The first end counts. */
  end(id: JobId, end: JobEnd, progress?: Counters): Promise<void>;

  /** Behind `after` in id order. */
  open(after: JobId | undefined, most: number): Promise<readonly JobRequest[]>;
  /** Completed ones after 7 days, failed ones after 30. */
  forgetEnded(): Promise<void>;
}
