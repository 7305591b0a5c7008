import { setTimeout as sleep } from 'node:timers/promises';
import type { Cluster } from './open-cluster.js';
import type { Outage } from './outages.js';
import type { Probe } from './probe.js';

/** Seconds since the end of an outage; null when it did not come in time. */
export interface Recovery {
  readonly outage: Outage;
  /** From its beginning to its end. */
  readonly lasted: number;
  /** Until `/health/ready` of both apis is 200. */
  readonly ready: number | null;
  /** Until the next request of an agent's push is answered with success. */
  readonly push: number | null;
  /** Until a job that is asked for as soon as that is possible has ended well. */
  readonly job: number | null;
}

export const RECOVERY_MS = 240_000;
const ASK_MS = 100;
/** Of a readiness answer, a little more. */
const STALE_MS = 2500;
const PUSH = 'POST /api/v1/uploads';

/** Waits for an answer to a push that is a success. @returns false when there was none in time */
export async function nextPushAnswer({ front }: Cluster, ms = RECOVERY_MS): Promise<boolean> {
  const heard = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => heard.resolve(false), ms);
  const forget = front.listen((request, status) => {
    if (request.startsWith(PUSH) && status < 300) heard.resolve(true);
  });
  const came = await heard.promise;
  clearTimeout(timer);
  forget();
  return came;
}

/** @param from `performance.now()` at the end of the outage */
export async function measureRecovery(
  cluster: Cluster,
  probe: Probe,
  from: number,
): Promise<Pick<Recovery, 'ready' | 'push' | 'job'>> {
  const timed = async (came: Promise<boolean>): Promise<number | null> =>
    (await came) ? Math.round(performance.now() - from) / 1000 : null;
  const [ready, push, job] = await Promise.all([
    readyAfter(cluster, from),
    timed(nextPushAnswer(cluster)),
    timed(jobEnds(probe)),
  ]);
  return { ready, push, job };
}

/** An answer may be two seconds old: what counts is the first yes that no other answer follows. */
async function readyAfter(cluster: Cluster, from: number): Promise<number | null> {
  let since: number | undefined;
  const steady = await untilSo(async () => {
    const now = performance.now();
    since = (await allReady(cluster)) ? (since ?? now) : undefined;
    return since !== undefined && now - since > STALE_MS;
  });
  return steady && since !== undefined ? Math.round(since - from) / 1000 : null;
}

async function allReady({ apis }: Cluster): Promise<boolean> {
  return (await Promise.all(apis.map(async (api) => api.isReady()))).every((ready) => ready);
}

/** The policy is applied: a job with little to do. It waits for a collection that runs. */
export async function jobEnds(probe: Probe): Promise<boolean> {
  let jobId: string | undefined;
  return untilSo(async () => {
    if (jobId === undefined) {
      const path = '/api/v1/maintenance/retention';
      ({ jobId } = await probe.ask<{ jobId: string }>('POST', path));
    }
    const { state } = await probe.ask<{ state: string }>('GET', `/api/v1/jobs/${jobId}`);
    if (state === 'failed') throw new JobFailed(`job ${jobId} failed`);
    return state === 'completed';
  });
}

class JobFailed extends Error {
  override readonly name = 'JobFailed';
}

async function untilSo(holds: () => Promise<boolean>): Promise<boolean> {
  for (const giveUp = performance.now() + RECOVERY_MS; performance.now() < giveUp;) {
    try {
      if (await holds()) return true;
    } catch (error) {
      // While it is away everything may fail.
      if (error instanceof JobFailed) throw error;
    }
    await sleep(ASK_MS);
  }
  return false;
}
