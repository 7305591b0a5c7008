import { SCRUB_JOB, TIDY_UPLOADS_JOB, startMaintenanceWorker } from '@rootcellar/jobs';
import type { BullJobQueue, QueueConnection } from '@rootcellar/jobs';
import { loggable } from '@rootcellar/platform';
import type { Archive, Logger } from '@rootcellar/platform';
import { scrubProcessor } from './scrub.processor.js';
import { tidyUploadsProcessor } from './tidy-uploads.processor.js';

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
      [SCRUB_JOB, scrubProcessor(archive)],
      [TIDY_UPLOADS_JOB, tidyUploadsProcessor(archive)],
    ]),
    onError: (error) => logger.error(loggable(error), 'job failed'),
  });
}
