import { systemClock } from '@rootcellar/model';
import { DelayedError, WaitingError } from 'bullmq';
import type { Job } from 'bullmq';
import type { MaintenancePayload } from './maintenance-payload.js';
import { closed } from './closed.js';
import { openWorker } from './open-queue.js';
import type { QueueConnection } from './queue-connection.js';
import { withoutCommand } from './redis/redis-options.js';
import { runJob } from './run-job.js';
import type { RunParts } from './run-job.js';

export interface WorkerSettings extends RunParts {
  /** Jobs at a time. Any number of workers may share a queue. */
  readonly concurrency: number;
  /** Milliseconds without a sign of life of its worker after which a job goes to another one. 30 s without it. */
  readonly stalledAfterMs?: number;
  /** Milliseconds until a job that found its household locked looks again. 5 s without it. */
  readonly lockedAgainMs?: number;
}

/** So often may a job's worker die before the job itself is taken for the reason. */
const DEATHS = 50;
/** Takes jobs until it is closed. Closing aborts what runs and puts it back: another worker takes it at once. */
export function startMaintenanceWorker(
  connection: QueueConnection,
  settings: WorkerSettings,
): { close(): Promise<void> } {
  const { concurrency, stalledAfterMs = 30_000, lockedAgainMs = 5_000 } = settings;
  const stopping = new AbortController();
  const process = async (job: Job<MaintenancePayload>, token?: string): Promise<unknown> => {
    const outcome = await runJob(settings, job, stopping.signal);
    if ('done' in outcome) return outcome.done;
    if (outcome.notDone === 'locked') {
      // Not all at the same moment.
      const wait = lockedAgainMs * (0.75 + Math.random() / 2);
      await job.moveToDelayed(systemClock.now().getTime() + wait, token);
      throw new DelayedError();
    }
    await putBack(settings, job, token);
    throw new WaitingError();
  };
  const givenUp = new AbortController();
  const options = {
    concurrency,
    lockDuration: stalledAfterMs,
    stalledInterval: stalledAfterMs / 3,
    maxStalledCount: DEATHS,
  };
  const worker = openWorker(connection, process, options, givenUp.signal);
  worker.on('error', (error) => settings.onError(withoutCommand(error)));
  return {
    close: async () => {
      stopping.abort();
      await closed(worker, givenUp);
    },
  };
}

async function putBack(
  { requests }: WorkerSettings,
  job: Job<MaintenancePayload>,
  token: string | undefined,
): Promise<void> {
  const requestId = 'requestId' in job.data ? job.data.requestId : undefined;
  if (requestId !== undefined) await requests.putBack(requestId).catch(() => undefined);
  await job.moveToWait(token);
}
