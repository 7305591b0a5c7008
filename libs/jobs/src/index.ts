export { BullJobQueue, MAINTENANCE_QUEUE } from './bull-job-queue.js';
export type { MaintenancePayload } from './bull-job-queue.js';
export { startMaintenanceWorker } from './maintenance-worker.js';
export type { Processor, WorkerSettings } from './maintenance-worker.js';
export { queueConnection } from './queue-connection.js';
export type { QueueConnection, QueueDatabase } from './queue-connection.js';
export { SCRUB_JOB } from './scrub.job.js';
export type { ScrubPayload } from './scrub.job.js';
export { TIDY_UPLOADS_JOB } from './tidy-uploads.job.js';
