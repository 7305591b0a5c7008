import { archiveFigures, poolUsage } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import type { BullJobQueue } from '@rootcellar/jobs';
import { ArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { objectKey } from '@rootcellar/object-store';
import type { ObjectStore } from '@rootcellar/object-store';
import { Doctor } from '../doctor/doctor.js';
import { examinations } from '../doctor/examinations.js';
import type { Patient } from '../doctor/examinations.js';
import { registerArchiveGauges } from '../metrics/archive-gauges.js';
import type { Metrics } from '../metrics/metrics.js';
import { registerServiceGauges } from '../metrics/service-gauges.js';
import { VERSION } from '../version.js';
import { cachedFor } from './cached-for.js';
import { Readiness } from './readiness.js';

/** What says how the service is doing. */
export interface Watch {
  readonly metrics: Metrics;
  readonly readiness: Readiness;
  readonly doctor: Doctor;
  readonly clock: Clock;
}

export interface WatchParts extends Patient {
  readonly queue: BullJobQueue;
  readonly metrics: Metrics;
  readonly freeBytes: () => Promise<number | undefined>;
}

/** They cost a query over all packs. */
const FIGURES_MS = 60_000;
/** Several gauges of one scrape, and scrapers that come close to each other. */
const QUEUE_MS = 10_000;

/** Wires gauges, probes and the doctor to what a process was started with. */
export function composeWatch(parts: WatchParts): Watch {
  const { database, objects, queue, metrics, clock, freeBytes } = parts;
  const readiness = new Readiness(
    {
      database: async () => answers(database),
      objectStore: async () => holdsTheVault(objects),
      queue: async () => queue.check(),
    },
    clock,
  );
  registerArchiveGauges(
    metrics.registry,
    clock,
    cachedFor(FIGURES_MS, clock, async () => archiveFigures(database)),
  );
  registerServiceGauges(metrics.registry, {
    ...{ clock, readiness, freeBytes, version: VERSION },
    pool: () => poolUsage(database),
    queue: cachedFor(QUEUE_MS, clock, async () => queue.overview()),
  });
  return { metrics, readiness, clock, doctor: new Doctor(examinations(parts), clock) };
}

async function answers(database: Database): Promise<void> {
  await database.query('select 1');
}

/** A folder whose disk is not mounted answers as well, but lacks what every vault begins with (docs/format.md). */
async function holdsTheVault(objects: ObjectStore): Promise<void> {
  if ((await objects.stat(objectKey('vault'))) !== undefined) return;
  throw new ArchiveError('OBJECT_STORE_UNAVAILABLE', 'The object store does not hold the vault.');
}
