import type { PoolUsage } from '@rootcellar/catalog';
import { OBSERVED_STATES } from '@rootcellar/jobs';
import type { QueueOverview } from '@rootcellar/jobs';
import type { Clock } from '@rootcellar/model';
import type { Registry } from 'prom-client';
import { DEPENDENCIES } from '../watch/readiness.js';
import type { Readiness } from '../watch/readiness.js';
import { registerGauge } from './gauge.js';

/** Where the gauges of one process and its surroundings come from. */
export interface ServiceSources {
  readonly clock: Pick<Clock, 'now'>;
  readonly readiness: Readiness;
  readonly pool: () => PoolUsage;
  readonly queue: () => Promise<QueueOverview>;
  /** Undefined where nobody can say. */
  readonly freeBytes: () => Promise<number | undefined>;
  readonly version: string;
}

export function registerServiceGauges(registry: Registry, sources: ServiceSources): void {
  const { readiness, pool, freeBytes, version } = sources;
  registerGauge(registry, {
    name: 'rootcellar_build_info',
    help: 'Always 1; says which release runs on which Node.',
    labels: ['version', 'node'],
    read: () => Promise.resolve([[1, { version, node: process.versions.node }]]),
  });
  registerGauge(registry, {
    name: 'rootcellar_dependency_up',
    help: '1 when the dependency answers, as /health/ready sees it.',
    labels: ['dependency'],
    read: async () => {
      const report = await readiness.look();
      return DEPENDENCIES.map(
        (dependency) => [report[dependency] === 'ok' ? 1 : 0, { dependency }] as const,
      );
    },
  });
  registerGauge(registry, {
    name: 'rootcellar_database_pool_connections',
    help: "Connections of this process's pool to the catalog, and statements that wait for one.",
    labels: ['state'],
    read: () => {
      const { inUse, idle, waiting } = pool();
      return Promise.resolve([
        [inUse, { state: 'in-use' }],
        [idle, { state: 'idle' }],
        [waiting, { state: 'waiting' }],
      ]);
    },
  });
  registerGauge(registry, {
    name: 'rootcellar_database_pool_max',
    help: 'Connections the pool may have.',
    read: () => Promise.resolve([[pool().max]]),
  });
  registerGauge(registry, {
    name: 'rootcellar_object_store_free_bytes',
    help: 'Free on the disk that holds the objects; not there when they are in a bucket.',
    read: async () => {
      const bytes = await freeBytes();
      return bytes === undefined ? [] : [[bytes]];
    },
  });
  registerQueueGauges(registry, sources);
}

function registerQueueGauges(registry: Registry, { clock, queue }: ServiceSources): void {
  registerGauge(registry, {
    name: 'rootcellar_queue_jobs',
    help: 'Jobs by state; finished ones as long as they are kept.',
    labels: ['state'],
    read: async () => {
      const { counts } = await queue();
      return OBSERVED_STATES.map((state) => [counts[state], { state }] as const);
    },
  });
  registerGauge(registry, {
    name: 'rootcellar_jobs',
    help: 'Jobs that wait or run, by kind.',
    labels: ['kind', 'state'],
    read: async () =>
      (await queue()).byKind.map(({ kind, state, jobs }) => [jobs, { kind, state }] as const),
  });
  registerGauge(registry, {
    name: 'rootcellar_queue_oldest_waiting_seconds',
    help: 'How long the job waits that has waited longest; 0 when none does.',
    read: async () => {
      const { oldestWaitingSince: since } = await queue();
      const age = since === undefined ? 0 : (clock.now().getTime() - since.getTime()) / 1000;
      return [[Math.max(0, age)]];
    },
  });
}
