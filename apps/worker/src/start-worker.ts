import {
  COLLECT_JOB,
  RETENTION_JOB,
  SCRUB_JOB,
  TIDY_UPLOADS_JOB,
  UPKEEP_JOB,
  startMaintenanceWorker,
} from '@rootcellar/jobs';
import { loggable } from '@rootcellar/platform';
import type { Logger, OpenArchive } from '@rootcellar/platform';
import { collectProcessor } from './collect.processor.js';
import { keepReconciled } from './keep-reconciled.js';
import { failureNotes, noted } from './note-jobs.js';
import { retentionProcessor } from './retention.processor.js';
import { scrubProcessor } from './scrub.processor.js';
import { tidyUploadsProcessor } from './tidy-uploads.processor.js';
import { upkeepProcessor } from './upkeep.processor.js';

export interface WorkerOptions {
  readonly logger: Logger;
  /** Jobs of the maintenance queue at a time; 2 without it. */
  readonly concurrency?: number | undefined;
}

/** Takes jobs and keeps schedules and queue complete. @returns how to stop; what runs is aborted and goes to another worker */
export async function startWorker(
  opened: OpenArchive,
  { logger, concurrency = 2 }: WorkerOptions,
): Promise<{ close(): Promise<void> }> {
  const { archive, queue, queueConnection, jobRequests, maintenanceLocks, watch } = opened;
  const notes = { logger, clock: watch.clock, metrics: watch.metrics.jobs };
  const failed = failureNotes(notes);
  let closing = false;
  await queue.schedule();
  const reconciliation = await keepReconciled(queue, logger);
  const worker = startMaintenanceWorker(queueConnection, {
    concurrency,
    requests: jobRequests,
    locks: maintenanceLocks,
    processors: new Map([
      [COLLECT_JOB, noted(collectProcessor(archive), notes)],
      [RETENTION_JOB, noted(retentionProcessor(archive), notes)],
      [SCRUB_JOB, noted(scrubProcessor(archive), notes)],
      [TIDY_UPLOADS_JOB, noted(tidyUploadsProcessor(archive), notes)],
      [UPKEEP_JOB, noted(upkeepProcessor(archive), notes)],
    ]),
    onError: (error, job) => {
      if (job !== undefined) failed(error, job);
      // Connections that end while it is being closed are no news.
      else if (!closing) logger.error(loggable(error), 'queue failed');
    },
  });
  return {
    close: async () => {
      closing = true;
      await reconciliation.stop();
      await worker.close();
    },
  };
}
