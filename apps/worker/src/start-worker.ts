import {
  COLLECT_JOB,
  RETENTION_JOB,
  SCRUB_JOB,
  TIDY_UPLOADS_JOB,
  UPKEEP_JOB,
  startMaintenanceWorker,
} from '@rootcellar/jobs';
import type { BullJobQueue, QueueConnection } from '@rootcellar/jobs';
import { loggable } from '@rootcellar/platform';
import type { Archive, Logger, Watch } from '@rootcellar/platform';
import { collectProcessor } from './collect.processor.js';
import { failureNotes, noted } from './note-jobs.js';
import { retentionProcessor } from './retention.processor.js';
import { scrubProcessor } from './scrub.processor.js';
import { tidyUploadsProcessor } from './tidy-uploads.processor.js';
import { upkeepProcessor } from './upkeep.processor.js';

export interface WorkerParts {
  readonly archive: Archive;
  readonly connection: QueueConnection;
  readonly queue: BullJobQueue;
  readonly logger: Logger;
  readonly watch: Watch;
}

/** Takes jobs and keeps the schedules. @returns how to stop; what runs is aborted and comes back */
export async function startWorker(parts: WorkerParts): Promise<{ close(): Promise<void> }> {
  const { archive, connection, queue, logger, watch } = parts;
  const notes = { logger, clock: watch.clock, metrics: watch.metrics.jobs };
  const failed = failureNotes(notes);
  await queue.schedule();
  let closing = false;
  const worker = startMaintenanceWorker(connection, {
    concurrency: 2,
    processors: new Map([
      [COLLECT_JOB, noted(collectProcessor(archive), notes)],
      [RETENTION_JOB, noted(retentionProcessor(archive), notes)],
      [SCRUB_JOB, noted(scrubProcessor(archive), notes)],
      [TIDY_UPLOADS_JOB, noted(tidyUploadsProcessor(archive), notes)],
      [UPKEEP_JOB, noted(upkeepProcessor(archive), notes)],
    ]),
    isCancelled: async (id) => queue.isCancelled(id),
    onError: (error, job) => {
      if (job !== undefined) failed(error, job);
      // Connections that end while it is being closed are no news.
      else if (!closing) logger.error(loggable(error), 'queue failed');
    },
  });
  return {
    close: async () => {
      closing = true;
      await worker.close();
    },
  };
}
