import type { JobOrigin } from '@rootcellar/archive';
import type { Processor, RunningJob } from '@rootcellar/jobs';
import { isArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { loggable } from '@rootcellar/platform';
import type { JobMetrics, Logger } from '@rootcellar/platform';

/** Where runs of jobs are noted. */
export interface JobNotes {
  readonly logger: Logger;
  readonly clock: Pick<Clock, 'monotonicMs'>;
  readonly metrics: JobMetrics;
}

const startedAt = new WeakMap<RunningJob, number>();

/** The same processor; its start and its end are logged, and counted. Failures are told by {@link failureNotes}. */
export function noted(processor: Processor, { logger, clock, metrics }: JobNotes): Processor {
  return async (payload, context) => {
    const { job } = context;
    startedAt.set(job, clock.monotonicMs());
    const facts = factsOf(job, payload);
    // What is due every few minutes is of interest when it found something to do.
    const level = 'householdId' in payload ? 'info' : 'debug';
    logger[level](facts, 'job started');
    const result = await processor(payload, context);
    const ms = Math.round(clock.monotonicMs() - (startedAt.get(job) ?? 0));
    metrics.ended(job.name, 'completed', ms / 1000);
    logger[level]({ ...facts, ms, counters: countersOf(result) }, 'job ended');
    return result;
  };
}

/** Tells of a run that did not come to its end. */
export function failureNotes({ logger, clock, metrics }: JobNotes) {
  return (error: unknown, job: RunningJob): void => {
    const began = startedAt.get(job);
    const ms = began === undefined ? 0 : Math.round(clock.monotonicMs() - began);
    const outcome = outcomeOf(error);
    metrics.ended(job.name, outcome, ms / 1000);
    const [level, words] = TOLD[outcome];
    logger[level]({ ...factsOf(job), ms, ...loggable(error) }, words);
  };
}

const TOLD = {
  failed: ['error', 'job failed'],
  again: ['warn', 'job broke off; it comes back'],
  cancelled: ['info', 'job cancelled'],
} as const;

function outcomeOf(error: unknown): keyof typeof TOLD {
  if (isArchiveError(error, 'INTERRUPTED')) return 'cancelled';
  if (isArchiveError(error) && error.kind === 'unavailable') return 'again';
  // A stop of the process.
  if (typeof error === 'object' && error !== null && 'name' in error && error.name === 'AbortError')
    return 'again';
  return 'failed';
}

function factsOf(job: RunningJob, payload: object = {}): Record<string, unknown> {
  const householdId = 'householdId' in payload ? payload.householdId : undefined;
  const { id: jobId, name: job_, attempt } = job;
  return { jobId, job: job_, attempt, householdId, ...knownOrigin(job.origin) };
}

const REQUEST_ID = /^[0-9a-f-]{36}$/;
const TRACE_ID = /^[0-9a-f]{32}$/;

/** Payloads lie in a queue that others may write to: nothing goes into the log that is no id. */
function knownOrigin(origin: JobOrigin | undefined): Partial<JobOrigin> {
  if (origin === undefined) return {};
  const { requestId, traceId } = origin;
  return REQUEST_ID.test(requestId) && TRACE_ID.test(traceId) ? { requestId, traceId } : {};
}

/** What a result has of numbers; names and lists are the requester's. */
function countersOf(result: unknown): Readonly<Record<string, number>> {
  if (typeof result !== 'object' || result === null) return {};
  return Object.fromEntries(
    Object.entries(result).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
}
