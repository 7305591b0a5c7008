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
import type { Archive, Logger } from '@rootcellar/platform';
import { collectProcessor } from './collect.processor.js';
import { retentionProcessor } from './retention.processor.js';
import { scrubProcessor } from './scrub.processor.js';
import { tidyUploadsProcessor } from './tidy-uploads.processor.js';
import { upkeepProcessor } from './upkeep.processor.js';

export interface WorkerParts {
  readonly archive: Archive;
  readonly connection: QueueConnection;
  readonly queue: BullJobQueue;
  readonly logger: Logger;
}

/** Takes jobs and keeps the schedules. @returns how to stop; what runs is aborted and comes back */
export async function startWorker(parts: WorkerParts): Promise<{ close(): Promise<void> }> {
  const { archive, connection, queue, logger } = parts;
  await queue.schedule();
  return startMaintenanceWorker(connection, {
    concurrency: 2,
    processors: new Map([
      [COLLECT_JOB, collectProcessor(archive)],
      [RETENTION_JOB, retentionProcessor(archive)],
      [SCRUB_JOB, scrubProcessor(archive)],
      [TIDY_UPLOADS_JOB, tidyUploadsProcessor(archive)],
      [UPKEEP_JOB, upkeepProcessor(archive)],
    ]),
    isCancelled: async (id) => queue.isCancelled(id),
    onError: (error) => logger.error(loggable(error), 'job failed'),
  });
}
