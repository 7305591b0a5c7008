import type {
  JobOrigin,
  JobRequests,
  MaintenanceLock,
  MaintenanceLocks,
} from '@rootcellar/archive';
import { isArchiveError } from '@rootcellar/model';
import { UnrecoverableError } from 'bullmq';
import type { Job } from 'bullmq';
import { lockAreaOf } from './job-locks.js';
import type { HouseholdPayload, MaintenancePayload } from './maintenance-payload.js';
import { EndedElsewhere, RunRecord } from './run-record.js';
import type { Counters } from './run-record.js';

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
    readonly report: (progress: Counters) => Promise<void>;
  },
) => Promise<unknown>;

export interface RunParts {
  /** By job name. */
  readonly processors: ReadonlyMap<string, Processor>;
  readonly requests: JobRequests;
  readonly locks: MaintenanceLocks;
  /** A job failed, or (without one) the queue did. */
  readonly onError: (error: unknown, job?: RunningJob) => void;
}

/** `locked`: somebody else works there. `stopped`: the worker is closing. Both: not done, and no attempt is spent. */
export type RunOutcome = { readonly done: unknown } | { readonly notDone: 'locked' | 'stopped' };

/** Of what is a fault of ours more attempts only fill the log. */
const FAULT_ATTEMPTS = 3;

/** @throws Error with the code as its message: what the requester may see. Texts and traces are for the log. */
export async function runJob(
  parts: RunParts,
  job: Job<MaintenancePayload>,
  stopping: AbortSignal,
): Promise<RunOutcome> {
  const processor = parts.processors.get(job.name);
  if (processor === undefined) throw new UnrecoverableError('NO_PROCESSOR');
  const { requestId, householdId } = subjectOf(job.data);
  const record = new RunRecord(parts.requests, requestId);
  const running = runningJob(job);
  let lock: MaintenanceLock | undefined;
  try {
    lock = await parts.locks.take(lockAreaOf(job.name), householdId);
    if (lock === undefined) return { notDone: 'locked' };
    const signal = AbortSignal.any([stopping, lock.lost]);
    await record.begin();
    signal.throwIfAborted();
    const result = await processor(job.data, {
      job: running,
      signal,
      report: async (progress) => {
        await record.report(progress);
        signal.throwIfAborted();
      },
    });
    await record.end({ result });
    return { done: result };
  } catch (error) {
    if (error instanceof EndedElsewhere) return { done: undefined };
    if (stopping.aborted) return { notDone: 'stopped' };
    parts.onError(error, running);
    throw await failed(record, job, error);
  } finally {
    // After the end is written: who takes it next finds the job done.
    await lock?.[Symbol.asyncDispose]();
  }
}

async function failed(record: RunRecord, job: Job, error: unknown): Promise<Error> {
  const code = isArchiveError(error) ? error.code : 'INTERNAL';
  if (mayHelp(error, job)) {
    // The database may be what failed. Then it is told as running until it does.
    await record.putBack().catch(() => undefined);
    return new Error(code, { cause: error });
  }
  await record.end({ failure: code });
  return new UnrecoverableError(code);
}

/** Only what another attempt may mend is tried again. */
function mayHelp(error: unknown, { attemptsMade, opts }: Job): boolean {
  const attempt = attemptsMade + 1;
  if (attempt >= (opts.attempts ?? 1)) return false;
  return isArchiveError(error) ? error.kind === 'unavailable' : attempt < FAULT_ATTEMPTS;
}

function runningJob({ id = '', name, attemptsMade, data }: Job<MaintenancePayload>): RunningJob {
  const origin = 'origin' in data ? data.origin : undefined;
  return { id, name, attempt: attemptsMade + 1, origin };
}

function subjectOf(payload: MaintenancePayload): Partial<HouseholdPayload> {
  return 'householdId' in payload ? payload : {};
}
