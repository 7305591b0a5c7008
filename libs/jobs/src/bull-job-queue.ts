import type {
  CollectionRequest,
  JobOrigin,
  JobQueue,
  JobState,
  JobView,
} from '@rootcellar/archive';
import type { HouseholdId, JobId } from '@rootcellar/model';
import type { Job, JobType } from 'bullmq';
import { COLLECT_JOB } from './collect.job.js';
import { HOUSEHOLD_JOB_OPTIONS } from './household-job.js';
import type { HouseholdPayload } from './household-job.js';
import { Queue } from './queue-connection.js';
import { lookAtQueue } from './queue-overview.js';
import type { QueueOverview } from './queue-overview.js';
import type { QueueConnection } from './queue-connection.js';
import { RETENTION_JOB } from './retention.job.js';
import { SCRUB_JOB } from './scrub.job.js';
import { TIDY_UPLOADS_EVERY_MS, TIDY_UPLOADS_JOB } from './tidy-uploads.job.js';
import type { TidyUploadsPayload } from './tidy-uploads.job.js';
import { UPKEEP_EVERY_MS, UPKEEP_JOB } from './upkeep.job.js';
import type { UpkeepPayload } from './upkeep.job.js';

/** One queue for everything that reads or rearranges a vault. */
export const MAINTENANCE_QUEUE = 'maintenance';

export type MaintenancePayload = HouseholdPayload | TidyUploadsPayload | UpkeepPayload;

const JOBS_LISTED = 100;
const SCHEDULED_JOB_OPTIONS = { removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } };

/** As requesters see them, and as BullMQ keeps them; in the order jobs go through them. */
const STATES = [
  ['waiting', ['waiting', 'delayed', 'prioritized']],
  ['active', ['active']],
  ['completed', ['completed']],
  ['failed', ['failed']],
] as const satisfies [JobState, JobType[]][];

function openQueue(connection: QueueConnection) {
  return new Queue<MaintenancePayload>(MAINTENANCE_QUEUE, { connection });
}

export class BullJobQueue implements JobQueue {
  readonly #queue: ReturnType<typeof openQueue>;

  constructor(connection: QueueConnection) {
    this.#queue = openQueue(connection);
    // Whatever fails is told to whoever asked; unheard, BullMQ prints the whole connection.
    this.#queue.on('error', () => undefined);
  }

  async requestScrub(householdId: HouseholdId, origin?: JobOrigin): Promise<JobId> {
    return this.#request(SCRUB_JOB, { version: 1, householdId, ...from(origin) });
  }

  async requestCollection(
    householdId: HouseholdId,
    options: CollectionRequest = {},
    origin?: JobOrigin,
  ): Promise<JobId> {
    return this.#request(COLLECT_JOB, { version: 1, householdId, ...options, ...from(origin) });
  }

  async requestRetention(householdId: HouseholdId, origin?: JobOrigin): Promise<JobId> {
    return this.#request(RETENTION_JOB, { version: 1, householdId, ...from(origin) });
  }

  async find(householdId: HouseholdId, id: JobId): Promise<JobView | undefined> {
    // Before the job itself: one that ends in between is told as running, not as ended without a result.
    const state = viewedState(await this.#queue.getJobState(id));
    const job = await this.#ownJob(householdId, id);
    return job === undefined ? undefined : view(job, householdId, state);
  }

  async list(householdId: HouseholdId): Promise<readonly JobView[]> {
    // By state: that saves a question about each job.
    const views = await Promise.all(
      STATES.map(async ([state, types]) => {
        const jobs = await this.#queue.getJobs([...types], 0, JOBS_LISTED * 10);
        return jobs
          .filter(({ data }) => isOf(householdId, data))
          .map((job) => view(job, householdId, state));
      }),
    );
    // One that changes its state meanwhile may be seen in both.
    const byId = new Map(views.flat().map((job) => [job.id, job]));
    return [...byId.values()]
      .sort((a, b) => b.requestedAt.getTime() - a.requestedAt.getTime())
      .slice(0, JOBS_LISTED);
  }

  async cancel(householdId: HouseholdId, id: JobId): Promise<boolean> {
    const job = await this.#ownJob(householdId, id);
    if (job === undefined) return false;
    const state = viewedState(await job.getState());
    if (state === 'completed' || state === 'failed') return false;
    if (state === 'waiting' && (await removed(job))) return true;
    await job.updateData({ ...job.data, cancelled: true });
    return true;
  }

  /** Whether somebody wants a running job to stop. */
  async isCancelled(id: string): Promise<boolean> {
    const job = await this.#queue.getJob(id);
    return job !== undefined && 'cancelled' in job.data && (job.data.cancelled ?? false);
  }

  /** Called at every worker start; the schedules are kept by the queue. */
  async schedule(): Promise<void> {
    await this.#every(TIDY_UPLOADS_EVERY_MS, TIDY_UPLOADS_JOB);
    await this.#every(UPKEEP_EVERY_MS, UPKEEP_JOB);
    // Not in an hour: a clock that jumped while the service was down is seen at once, and sizes and plans are quick from the first on.
    await this.#queue.add(
      UPKEEP_JOB,
      { version: 1 },
      { ...SCHEDULED_JOB_OPTIONS, deduplication: { id: UPKEEP_JOB } },
    );
  }

  /** How the queue is doing, for metrics and `admin doctor`. */
  async overview(): Promise<QueueOverview> {
    return lookAtQueue(this.#queue);
  }

  /** Resolves when the queue's backend answers; the cheapest question there is. */
  async ping(): Promise<void> {
    await this.#queue.getJobCountByTypes('active');
  }

  async close(): Promise<void> {
    await this.#queue.close();
  }

  /** One of a kind per household: asking again gives the one that waits or runs. */
  async #request(name: string, payload: HouseholdPayload): Promise<JobId> {
    const deduplication = { id: `${name}-${payload.householdId}` };
    const job = await this.#queue.add(name, payload, { ...HOUSEHOLD_JOB_OPTIONS, deduplication });
    return job.id as JobId;
  }

  async #ownJob(householdId: HouseholdId, id: JobId): Promise<Job<MaintenancePayload> | undefined> {
    const job = await this.#queue.getJob(id);
    return job !== undefined && isOf(householdId, job.data) ? job : undefined;
  }

  async #every(milliseconds: number, name: string): Promise<void> {
    await this.#queue.upsertJobScheduler(
      name,
      { every: milliseconds },
      { name, data: { version: 1 }, opts: SCHEDULED_JOB_OPTIONS },
    );
  }
}

function from(origin: JobOrigin | undefined): { readonly origin?: JobOrigin } {
  return origin === undefined ? {} : { origin };
}

/** @returns false when a worker took it at this moment */
async function removed(job: Job<MaintenancePayload>): Promise<boolean> {
  try {
    await job.remove();
    return true;
  } catch {
    return false;
  }
}

function view(job: Job<MaintenancePayload>, householdId: HouseholdId, state: JobState): JobView {
  return {
    id: job.id as JobId,
    name: job.name,
    householdId,
    state,
    progress: isCounters(job.progress) ? job.progress : {},
    result: state === 'completed' ? job.returnvalue : undefined,
    failure: state === 'failed' ? job.failedReason : undefined,
    requestedAt: new Date(job.timestamp),
    endedAt: job.finishedOn === undefined ? undefined : new Date(job.finishedOn),
  };
}

function isOf(householdId: HouseholdId, payload: MaintenancePayload): boolean {
  return 'householdId' in payload && payload.householdId === householdId;
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
