import { TIDY_UPLOADS_JOB, UPKEEP_JOB } from '@rootcellar/jobs';
import type { QueueOverview } from '@rootcellar/jobs';
import { fail, ok, warn } from './finding.js';
import type { Finding } from './finding.js';

const HOUR_MS = 3_600_000;
const SLOW_MS = HOUR_MS;
const STUCK_MS = 24 * HOUR_MS;

/** What the state of the queue means. */
export function judgeQueue(overview: QueueOverview, now: Date): Finding[] {
  return [judgeBackend(overview), judgeWaiting(overview, now), judgeSchedules(overview)];
}

function judgeBackend({ backend, evictionPolicy, counts }: QueueOverview): Finding {
  const id = 'queue';
  const jobs = `${counts.waiting} jobs wait, ${counts.active} run, ${counts.failed} failed lately`;
  if (backend === 'redis' && evictionPolicy !== 'noeviction')
    return fail(id, {
      what: `Redis runs with maxmemory-policy ${evictionPolicy ?? 'unknown'}.`,
      meaning: 'When its memory is full it drops jobs without a word.',
      remedy: 'Set maxmemory-policy to noeviction.',
    });
  return ok(id, `The queue lies in ${backend === 'redis' ? 'Redis' : 'PostgreSQL'}: ${jobs}.`);
}

function judgeWaiting({ oldestWaitingSince: since }: QueueOverview, now: Date): Finding {
  const id = 'queue-waiting';
  const waitedMs = since === undefined ? 0 : now.getTime() - since.getTime();
  if (waitedMs < SLOW_MS) return ok(id, 'No job waits for long.');
  const trouble = {
    what: `A job waits for ${Math.round(waitedMs / HOUR_MS)} h.`,
    meaning: 'No worker takes jobs, or all are busy: nothing is collected, no policy applied.',
    remedy: 'Look whether a worker runs and what `rootcellar admin jobs` says; restart it.',
  };
  return waitedMs < STUCK_MS ? warn(id, trouble) : fail(id, trouble);
}

function judgeSchedules({ schedules }: QueueOverview): Finding {
  const id = 'queue-schedules';
  const missing = [TIDY_UPLOADS_JOB, UPKEEP_JOB].filter((name) => !schedules.includes(name));
  if (missing.length === 0) return ok(id, 'Upkeep and tidying are scheduled.');
  return fail(id, {
    what: `Not scheduled: ${missing.join(', ')}.`,
    meaning: 'Policies are not applied by themselves, space of broken uploads does not come back.',
    remedy: 'Start a worker: it makes the schedules when it starts.',
  });
}
