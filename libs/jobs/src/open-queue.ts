import { Queue, Worker, createPostgresBackend, withBackend } from 'bullmq';
import type { Processor as BullProcessor, WorkerOptions } from 'bullmq';
import type { MaintenancePayload } from './maintenance-payload.js';
import type { QueueConnection } from './queue-connection.js';
import { keyPrefix, redisOptions } from './redis/redis-options.js';
import type { RedisAddress, RedisSettings } from './redis/redis-options.js';

/** One queue for everything that reads or rearranges a vault. */
export const MAINTENANCE_QUEUE = 'maintenance';

const Postgres = withBackend(createPostgresBackend);

/** A request does not wait for a Redis that is gone. */
const FAIL_FAST = { enableOfflineQueue: false, maxRetriesPerRequest: 1, commandTimeout: 5_000 };
/** A worker waits for it. https://docs.bullmq.io/guide/going-to-production */
const PATIENT = { maxRetriesPerRequest: null };

export type MaintenanceQueue = Queue<MaintenancePayload>;
export type MaintenanceWorker = Worker<MaintenancePayload>;

/**
 * The end that asks. The caller listens to errors: unheard, BullMQ prints them with the connection.
 * @param givenUp aborted when nobody waits for a Redis any more that is gone
 */
export function openQueue(connection: QueueConnection, givenUp?: AbortSignal): MaintenanceQueue {
  const queue =
    connection.backend === 'postgres'
      ? new Postgres.Queue<MaintenancePayload>(MAINTENANCE_QUEUE, { connection: connection.pool })
      : new Queue<MaintenancePayload>(MAINTENANCE_QUEUE, {
          connection: { ...untilGivenUp(connection.redis, givenUp), ...FAIL_FAST },
          prefix: keyPrefix(connection.redis),
        });
  return queue as MaintenanceQueue;
}

/** The end that works. As above. */
export function openWorker(
  connection: QueueConnection,
  process: BullProcessor<MaintenancePayload>,
  options: Omit<WorkerOptions, 'connection' | 'prefix'>,
  givenUp?: AbortSignal,
): MaintenanceWorker {
  const worker =
    connection.backend === 'postgres'
      ? new Postgres.Worker<MaintenancePayload>(MAINTENANCE_QUEUE, process, {
          ...options,
          connection: connection.pool,
        })
      : new Worker<MaintenancePayload>(MAINTENANCE_QUEUE, process, {
          ...options,
          connection: { ...untilGivenUp(connection.redis, givenUp), ...PATIENT },
          prefix: keyPrefix(connection.redis),
        });
  return worker as MaintenanceWorker;
}

function untilGivenUp(
  settings: RedisSettings,
  givenUp: AbortSignal | undefined,
): Omit<RedisAddress, 'retryStrategy'> & { retryStrategy: (attempt: number) => number | null } {
  const { retryStrategy, ...address } = redisOptions(settings);
  return {
    ...address,
    retryStrategy: (attempt: number) => (givenUp?.aborted === true ? null : retryStrategy(attempt)),
  };
}
