import type { JobQueue, JobState, JobView } from '@rootcellar/archive';
import type { HouseholdId, JobId } from '@rootcellar/model';
import { Queue } from './queue-connection.js';
import type { QueueConnection } from './queue-connection.js';
import { SCRUB_JOB, SCRUB_OPTIONS } from './scrub.job.js';
import type { ScrubPayload } from './scrub.job.js';
import { TIDY_UPLOADS_EVERY_MS, TIDY_UPLOADS_JOB } from './tidy-uploads.job.js';
import type { TidyUploadsPayload } from './tidy-uploads.job.js';

/** One queue for everything that reads or rearranges a vault. */
export const MAINTENANCE_QUEUE = 'maintenance';

export type MaintenancePayload = ScrubPayload | TidyUploadsPayload;

function openQueue(connection: QueueConnection) {
  return new Queue<MaintenancePayload>(MAINTENANCE_QUEUE, { connection });
}

export class BullJobQueue implements JobQueue {
  readonly #queue: ReturnType<typeof openQueue>;

  constructor(connection: QueueConnection) {
    this.#queue = openQueue(connection);
  }

  async requestScrub(householdId: HouseholdId): Promise<JobId> {
    const payload: ScrubPayload = { version: 1, householdId };
    const deduplication = { id: `${SCRUB_JOB}-${householdId}` };
    const job = await this.#queue.add(SCRUB_JOB, payload, { ...SCRUB_OPTIONS, deduplication });
    return job.id as JobId;
  }

  async find(householdId: HouseholdId, id: JobId): Promise<JobView | undefined> {
    // Before the job itself: one that ends in between is told as running, not as ended without a result.
    const state = viewedState(await this.#queue.getJobState(id));
    const job = await this.#queue.getJob(id);
    if (job === undefined || !('householdId' in job.data) || job.data.householdId !== householdId)
      return undefined;
    return {
      id,
      name: job.name,
      householdId,
      state,
      progress: isCounters(job.progress) ? job.progress : {},
      result: state === 'completed' ? job.returnvalue : undefined,
      failure: state === 'failed' ? job.failedReason : undefined,
    };
  }

  /** Called at every worker start; the schedule is kept by the queue. */
  async schedule(): Promise<void> {
    const data: TidyUploadsPayload = { version: 1 };
    await this.#queue.upsertJobScheduler(
      TIDY_UPLOADS_JOB,
      { every: TIDY_UPLOADS_EVERY_MS },
      {
        name: TIDY_UPLOADS_JOB,
        data,
        opts: { removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } },
      },
    );
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }
}

function viewedState(state: string): JobState {
  if (state === 'completed' || state === 'failed' || state === 'active') return state;
  return 'waiting';
}

function isCounters(progress: unknown): progress is Record<string, number> {
  return (
    typeof progress === 'object' &&
    progress !== null &&
    Object.values(progress).every((n) => typeof n === 'number')
  );
}
