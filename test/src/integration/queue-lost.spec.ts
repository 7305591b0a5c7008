import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { JobView } from '@rootcellar/archive';
import { COLLECT_JOB, SCRUB_JOB, openQueue } from '@rootcellar/jobs';
import type { Processor } from '@rootcellar/jobs';
import type { JobId } from '@rootcellar/model';
import { startRedis } from '@rootcellar/testkit';
import type { RedisServer } from '@rootcellar/testkit';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';
import { startTestWorker } from './test-worker.js';

/** A step that a test holds up: it tells when a job is in it, and goes on when it is let. */
function heldStep(): {
  processor: Processor;
  entered: Promise<void>;
  letGo: () => void;
  runs: number;
} {
  const entered = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  const step = {
    entered: entered.promise as Promise<unknown> as Promise<void>,
    letGo: () => gate.resolve(undefined),
    runs: 0,
    processor: async (...[payload, { report }]: Parameters<Processor>) => {
      step.runs += 1;
      entered.resolve(undefined);
      await gate.promise;
      await report({ steps: 1 });
      return { asked: payload };
    },
  };
  return step;
}

let redis: RedisServer;
let test: TestArchive;

async function open(persistent: boolean): Promise<void> {
  redis = await startRedis({ persistent });
  test = await openTestArchive({ redis });
}
beforeEach(async () => open(false));
afterEach(async () => {
  await test[Symbol.asyncDispose]();
  await redis.stop();
});

async function find(id: JobId): Promise<JobView | undefined> {
  return test.archive.jobs.find(test.actor.householdId, id);
}

async function whenEnded(id: JobId): Promise<JobView | undefined> {
  for (;;) {
    const job = await find(id);
    if (job === undefined || job.endedAt !== undefined) return job;
    await setTimeout(20);
  }
}

describe('a Redis that loses everything', () => {
  it('loses no job that waits: it is queued again, with its options, and done once', async () => {
    const { householdId } = test.actor;
    const id = await test.archive.jobs.requestCollection(householdId, { graceSeconds: 7 });
    await redis.flush();
    expect(await find(id)).toMatchObject({ state: 'waiting' });

    const step = heldStep();
    step.letGo();
    const worker = startTestWorker(test, { [COLLECT_JOB]: step.processor });
    // Two workers see to it at once.
    await Promise.all([test.queue.reconcile(), test.queue.reconcile()]);
    const job = await whenEnded(id);
    await worker.close();

    expect(job).toMatchObject({ state: 'completed', result: { asked: { graceSeconds: 7 } } });
    expect(step.runs).toBe(1);
  });

  it('does not stop a job that runs; queued again it finds itself done', async () => {
    const id = await test.archive.jobs.requestScrub(test.actor.householdId);
    const step = heldStep();
    const settings = { concurrency: 2 };
    const first = startTestWorker(test, { [SCRUB_JOB]: step.processor }, settings);
    await step.entered;
    await redis.flush();
    await test.queue.reconcile();
    const second = startTestWorker(test, { [SCRUB_JOB]: step.processor }, settings);
    await setTimeout(600);

    step.letGo();
    const job = await whenEnded(id);

    expect(job).toMatchObject({ state: 'completed', progress: { steps: 1 } });
    await setTimeout(600);
    expect(step.runs).toBe(1);
    await Promise.all([first.close(), second.close()]);
  });

  it('loses no schedule', async () => {
    const queue = openQueue(test.queueConnection);
    queue.on('error', () => undefined);
    await test.queue.schedule();
    await redis.flush();
    expect(await queue.getJobSchedulersCount()).toBe(0);

    await Promise.all([test.queue.reconcile(), test.queue.reconcile()]);

    const kept = await queue.getJobSchedulers();
    expect(kept.map(({ key }) => key).toSorted()).toEqual(['tidy-uploads', 'upkeep']);
    const next = kept.map((schedule) => schedule.next);
    await test.queue.reconcile();
    expect((await queue.getJobSchedulers()).map((schedule) => schedule.next)).toEqual(next);
    await queue.close();
  });
});

describe.each([
  ['keeps nothing', false],
  ['keeps everything', true],
])('a Redis that is killed and %s', (_, persistent) => {
  it('loses nothing: workers wait for it, what was asked for meanwhile is done afterwards', async () => {
    if (persistent) {
      await test[Symbol.asyncDispose]();
      await redis.stop();
      await open(true);
    }
    const { householdId } = test.actor;
    const step = heldStep();
    const worker = startTestWorker(
      test,
      { [SCRUB_JOB]: step.processor, [COLLECT_JOB]: step.processor },
      { concurrency: 1 },
    );
    const running = await test.archive.jobs.requestScrub(householdId);
    await step.entered;
    const waiting = await test.archive.jobs.requestCollection(householdId);
    await redis.kill();

    const asked = performance.now();
    const joined = await test.archive.jobs.requestCollection(householdId);
    expect(joined).toBe(waiting);
    expect(performance.now() - asked).toBeLessThan(6_000);
    await expect(test.queue.check()).rejects.toMatchObject({ code: 'SERVER_BUSY' });
    expect(await test.archive.jobs.list(householdId)).toHaveLength(2);
    step.letGo();
    expect(await whenEnded(running)).toMatchObject({ state: 'completed' });

    await redis.start();
    while (
      !(await test.queue.reconcile().then(
        () => true,
        () => false,
      ))
    )
      await setTimeout(100);
    expect(await whenEnded(waiting)).toMatchObject({ state: 'completed' });
    await test.queue.check();
    await worker.close();
  });
});

describe('a worker whose Redis is gone', () => {
  it('can be stopped all the same, and what it did is put back', async () => {
    const id = await test.archive.jobs.requestScrub(test.actor.householdId);
    const started = Promise.withResolvers<undefined>();
    const worker = startTestWorker(test, {
      [SCRUB_JOB]: async (_payload, { report }) => {
        started.resolve(undefined);
        for (;;) {
          await report({});
          await setTimeout(20);
        }
      },
    });
    await started.promise;
    await redis.kill();

    await worker.close();

    expect(await find(id)).toMatchObject({ state: 'waiting' });
  });
});
