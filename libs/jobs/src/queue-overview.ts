import type { Job, JobType } from 'bullmq';
import type { JobSchedulerJson } from 'bullmq';
import type { QueueConnection } from './queue-connection.js';
import { readInfo } from './redis/redis-info.js';

/** How the queue is doing. */
export interface QueueOverview {
  /** What keeps it. */
  readonly backend: QueueConnection['backend'];
  /** Of a Redis: its `maxmemory-policy`. Anything but `noeviction` may drop jobs. */
  readonly evictionPolicy?: string;
  /** By state, exactly. */
  readonly counts: Readonly<Record<ObservedState, number>>;
  /** Of the jobs that wait or run, by name; of the first {@link LOOKED_AT} of a state. */
  readonly byKind: readonly {
    readonly kind: string;
    readonly state: 'waiting' | 'active';
    readonly jobs: number;
  }[];
  /** When the job that may start and waits longest was asked for. */
  readonly oldestWaitingSince: Date | undefined;
  /** Names of the schedules that are kept. */
  readonly schedules: readonly string[];
}

export type ObservedState = (typeof OBSERVED_STATES)[number];

export const OBSERVED_STATES = ['waiting', 'delayed', 'active', 'completed', 'failed'] as const;

/** A queue that is longer is in trouble whatever it consists of. */
const LOOKED_AT = 1000;

/** The part of BullMQ's queue that is looked at. */
interface ObservableQueue {
  getJobCounts(...types: JobType[]): Promise<Readonly<Record<string, number>>>;
  getJobs(types: JobType[], start: number, end: number, ascending: boolean): Promise<Job[]>;
  /** Of a Redis it has a client; PostgreSQL's has none. */
  readonly backend: object;
  getJobSchedulers(start: number, end: number): Promise<readonly JobSchedulerJson[]>;
}

/** A few small questions to the backend. Their answers may be of different moments. */
export async function lookAtQueue(
  queue: ObservableQueue,
  backend: QueueOverview['backend'],
): Promise<QueueOverview> {
  const [counts, waiting, active, schedulers, evictionPolicy] = await Promise.all([
    queue.getJobCounts('waiting', 'prioritized', 'delayed', 'active', 'completed', 'failed'),
    queue.getJobs(['waiting', 'prioritized'], 0, LOOKED_AT - 1, true),
    queue.getJobs(['active'], 0, LOOKED_AT - 1, true),
    queue.getJobSchedulers(0, 99),
    backend === 'redis' ? policyOf(queue.backend as RedisBackend) : undefined,
  ]);
  const count = (state: string): number => counts[state] ?? 0;
  // A job that waited for its second attempt began to wait when its pause was over; `timestamp` alone would blame it for the pause.
  const since = waiting.map(({ timestamp, delay, processedOn = 0 }) =>
    Math.max(timestamp + delay, processedOn),
  );
  return {
    backend,
    ...(evictionPolicy === undefined ? {} : { evictionPolicy }),
    counts: {
      waiting: count('waiting') + count('prioritized'),
      delayed: count('delayed'),
      active: count('active'),
      completed: count('completed'),
      failed: count('failed'),
    },
    byKind: [...kindsOf('waiting', waiting), ...kindsOf('active', active)],
    oldestWaitingSince: since.length === 0 ? undefined : new Date(Math.min(...since)),
    schedules: schedulers.map(({ name, key }) => (name === '' ? key : name)),
  };
}

interface RedisBackend {
  readonly client: Promise<{ info(section: string): Promise<string> }>;
}

async function policyOf({ client }: RedisBackend): Promise<string | undefined> {
  return readInfo(await (await client).info('memory')).get('maxmemory_policy');
}

function kindsOf(
  state: 'waiting' | 'active',
  jobs: readonly { readonly name: string }[],
): QueueOverview['byKind'] {
  const byKind = Map.groupBy(jobs, ({ name }) => name);
  return [...byKind].map(([kind, of]) => ({ kind, state, jobs: of.length }));
}
