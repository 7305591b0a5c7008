import type { JobOrigin } from '@rootcellar/archive';
import { ArchiveError, isArchiveError } from '@rootcellar/model';
import { UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';
import { MAINTENANCE_QUEUE } from './bull-job-queue.js';
import type { MaintenancePayload } from './bull-job-queue.js';
import { Worker } from './queue-connection.js';
import type { QueueConnection } from './queue-connection.js';

/** One run of a job, as log lines and metrics name it. */
export interface RunningJob {
  readonly id: string;
  readonly name: string;
  /** From 1. */
  readonly attempt: number;
  readonly origin: JobOrigin | undefined;
}

/** Does one job. Returns what the requester may see; reports counters as it goes. */
export type Processor = (
  payload: MaintenancePayload,
  context: {
    readonly job: RunningJob;
    readonly signal: AbortSignal;
    readonly report: (progress: Readonly<Record<string, number>>) => Promise<void>;
  },
) => Promise<unknown>;

export interface WorkerSettings {
  /** By job name. */
  readonly processors: ReadonlyMap<string, Processor>;
  readonly concurrency: number;
  /** Whether somebody wants a running job to stop; asked once a second at most. */
  readonly isCancelled: (jobId: string) => Promise<boolean>;
  /** A job failed, or (without one) the queue did. */
  readonly onError: (error: unknown, job?: RunningJob) => void;
}

/** Takes jobs until it is closed. Closing aborts what runs: jobs are resumable and come back. */
export function startMaintenanceWorker(
  connection: QueueConnection,
  settings: WorkerSettings,
): { close(): Promise<void> } {
  const stopping = new AbortController();
  const worker = new Worker<MaintenancePayload>(
    MAINTENANCE_QUEUE,
    async (job, _token, signal) =>
      run(settings, job, AbortSignal.any([stopping.signal, ...(signal ? [signal] : [])])),
    { connection, concurrency: settings.concurrency },
  );
  worker.on('error', (error) => settings.onError(error));
  return {
    close: async () => {
      stopping.abort();
      await worker.close();
    },
  };
}

const ASK_MS = 1000;

async function run(
  { processors, isCancelled, onError }: WorkerSettings,
  job: Job<MaintenancePayload>,
  stopped: AbortSignal,
): Promise<unknown> {
  const processor = processors.get(job.name);
  if (processor === undefined) throw new UnrecoverableError('NO_PROCESSOR');
  const running = runningJob(job);
  const cancelled = new AbortController();
  const signal = AbortSignal.any([stopped, cancelled.signal]);
  let askedAt = -Infinity;
  const heed = async (): Promise<void> => {
    const now = performance.now();
    if (now - askedAt < ASK_MS) return;
    askedAt = now;
    if (await isCancelled(job.id ?? '')) {
      cancelled.abort(
        new ArchiveError('INTERRUPTED', 'Somebody cancelled the job; what it did stays done.'),
      );
    }
    signal.throwIfAborted();
  };
  const report = async (progress: Readonly<Record<string, number>>): Promise<void> => {
    await job.updateProgress({ ...progress });
    await heed();
  };
  try {
    await heed();
    return await processor(job.data, { job: running, signal, report });
  } catch (error) {
    // Only what another attempt may mend is tried again. The requester sees the code: texts and traces are for the log.
    onError(error, running);
    const code = isArchiveError(error) ? error.code : 'INTERNAL';
    if (isArchiveError(error) && error.kind !== 'unavailable') throw new UnrecoverableError(code);
    throw new Error(code, { cause: error });
  }
}

function runningJob({ id = '', name, attemptsMade, data }: Job<MaintenancePayload>): RunningJob {
  const origin = 'origin' in data ? data.origin : undefined;
  return { id, name, attempt: attemptsMade + 1, origin };
}
