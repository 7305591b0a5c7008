import type {
  CollectionRequest,
  JobOptions,
  JobOrigin,
  JobQueue,
  JobRequests,
  JobView,
} from '@rootcellar/archive';
import { ArchiveError } from '@rootcellar/model';
import type { HouseholdId, JobId } from '@rootcellar/model';
import { closed } from './closed.js';
import { COLLECT_JOB } from './collect.job.js';
import { householdJob } from './maintenance-payload.js';
import { openQueue } from './open-queue.js';
import type { MaintenanceQueue } from './open-queue.js';
import { lookAtQueue } from './queue-overview.js';
import type { QueueOverview } from './queue-overview.js';
import type { QueueConnection } from './queue-connection.js';
import { reconcile } from './reconcile.js';
import { withoutCommand } from './redis/redis-options.js';
import { RETENTION_JOB } from './retention.job.js';
import { keepSchedules, lookAtOnce } from './schedules.js';
import { SCRUB_JOB } from './scrub.job.js';

const JOBS_LISTED = 100;
const PATIENCE_MS = 5_000;

/** What is asked for is kept in PostgreSQL first; the queue then says who does it when, and may be lost. */
export class BullJobQueue implements JobQueue {
  readonly #queue: MaintenanceQueue;
  readonly #backend: QueueConnection['backend'];
  readonly #requests: JobRequests;
  readonly #givenUp = new AbortController();

  constructor(connection: QueueConnection, requests: JobRequests) {
    this.#queue = openQueue(connection, this.#givenUp.signal);
    this.#backend = connection.backend;
    this.#requests = requests;
    // Whatever fails is told to whoever asked; unheard, BullMQ prints the whole connection.
    this.#queue.on('error', () => undefined);
  }

  async requestScrub(householdId: HouseholdId, origin?: JobOrigin): Promise<JobId> {
    return this.#request(householdId, SCRUB_JOB, from(origin));
  }

  async requestCollection(
    householdId: HouseholdId,
    options: CollectionRequest = {},
    origin?: JobOrigin,
  ): Promise<JobId> {
    return this.#request(householdId, COLLECT_JOB, { ...options, ...from(origin) });
  }

  async requestRetention(householdId: HouseholdId, origin?: JobOrigin): Promise<JobId> {
    return this.#request(householdId, RETENTION_JOB, from(origin));
  }

  async find(householdId: HouseholdId, id: JobId): Promise<JobView | undefined> {
    return this.#requests.find(householdId, id);
  }

  async list(householdId: HouseholdId): Promise<readonly JobView[]> {
    return this.#requests.list(householdId, JOBS_LISTED);
  }

  async cancel(householdId: HouseholdId, id: JobId): Promise<boolean> {
    const outcome = await this.#requests.cancel(householdId, id);
    // A worker that takes it nevertheless finds no request of it and leaves it.
    if (outcome === 'gone') await soon(this.#queue.remove(id)).catch(() => undefined);
    return outcome !== 'ended';
  }

  /**
   * Called at every worker start and every ten seconds, by every worker: what is open and unknown to the queue is queued again, schedules
   * that are missing are made.
   */
  async reconcile(): Promise<void> {
    await keepSchedules(this.#queue);
    await reconcile(this.#queue, this.#requests);
  }

  /** Called at every worker start. */
  async schedule(): Promise<void> {
    await keepSchedules(this.#queue);
    await lookAtOnce(this.#queue);
  }

  /** @throws ArchiveError SERVER_BUSY when the queue does not answer; what is asked for waits in PostgreSQL then */
  async check(): Promise<void> {
    try {
      await soon(this.#queue.getJobState('none'));
    } catch (error) {
      throw new ArchiveError(
        'SERVER_BUSY',
        'The queue of background jobs does not answer. Nothing is lost: what is asked for is kept and done when it is back.',
        { cause: withoutCommand(error) },
      );
    }
  }

  /** How the queue is doing, for metrics and `admin doctor`. */
  async overview(): Promise<QueueOverview> {
    return lookAtQueue(this.#queue, this.#backend);
  }

  async close(): Promise<void> {
    await closed(this.#queue, this.#givenUp, PATIENCE_MS);
  }

  async #request(householdId: HouseholdId, kind: string, options: JobOptions): Promise<JobId> {
    const request = await this.#requests.record(householdId, kind, options);
    const job = householdJob(request);
    // It is kept: a queue that is away gets it from the next reconciliation, and the requester need not ask again.
    await soon(this.#queue.add(job.name, job.payload, job.options)).catch(() => undefined);
    return request.id;
  }
}

function from(origin: JobOrigin | undefined): JobOptions {
  return origin === undefined ? {} : { origin };
}

/** Not for ever: a connection that was never made has no time limit of its own. */
async function soon<T>(answer: Promise<T>): Promise<T> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => {
    late.reject(new Error(`no answer within ${PATIENCE_MS} ms`));
  }, PATIENCE_MS);
  try {
    return await Promise.race([answer, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
