import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobView } from '@rootcellar/archive';
import { COLLECT_JOB } from '@rootcellar/jobs';
import type { Processor } from '@rootcellar/jobs';
import { newId, systemClock } from '@rootcellar/model';
import type { HouseholdId, JobId } from '@rootcellar/model';
import { createLogger } from '@rootcellar/platform';
import type { RedisServer } from '@rootcellar/testkit';
import { startWorker } from '@rootcellar/worker';
import { BACKENDS, redisOf } from './queue-backends.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';
import { startTestWorker } from './test-worker.js';

describe.each(BACKENDS)('with the queue in %s', (backend) => {
  let redis: RedisServer | undefined;
  let test: TestArchive;
  beforeAll(async () => {
    redis = await redisOf(backend);
    test = await openTestArchive({ redis });
  });
  afterAll(async () => {
    await test[Symbol.asyncDispose]();
    await redis?.stop();
  });

  async function whenEnded(id: JobId): Promise<JobView | undefined> {
    for (;;) {
      const job = await test.archive.jobs.find(test.actor.householdId, id);
      if (job === undefined || job.state === 'completed' || job.state === 'failed') return job;
      await setTimeout(20);
    }
  }

  function workerFor(processor: Processor): { close(): Promise<void> } {
    return startTestWorker(test, { [COLLECT_JOB]: processor });
  }

  describe('jobs of a household', () => {
    it('are listed to it alone, newest first', async () => {
      const { jobs } = test.archive;
      const { householdId } = test.actor;
      const ids = [
        await jobs.requestScrub(householdId),
        await jobs.requestCollection(householdId),
        await jobs.requestRetention(householdId),
      ];

      const listed = await jobs.list(householdId);

      expect(new Set(listed.map(({ id }) => id))).toEqual(new Set(ids));
      expect(listed.map(({ requestedAt }) => requestedAt.getTime())).toEqual(
        listed.map(({ requestedAt }) => requestedAt.getTime()).toSorted((a, b) => b - a),
      );
      expect(await jobs.list(newId<HouseholdId>(systemClock))).toEqual([]);
    });

    it('that wait are taken away when they are cancelled, and can be asked for again', async () => {
      const { jobs } = test.archive;
      const { householdId } = test.actor;
      for (const { id } of await jobs.list(householdId)) {
        expect(await jobs.cancel(newId<HouseholdId>(systemClock), id)).toBe(false);
        expect(await jobs.cancel(householdId, id)).toBe(true);
      }

      expect(await jobs.list(householdId)).toEqual([]);
      const again = await jobs.requestCollection(householdId);
      expect(await jobs.find(householdId, again)).toMatchObject({ state: 'waiting' });
      await jobs.cancel(householdId, again);
    });

    it('that run stop at their next step, and are not tried again', async () => {
      const { jobs } = test.archive;
      const { householdId } = test.actor;
      const started = Promise.withResolvers<undefined>();
      let runs = 0;
      const running = workerFor(async (_payload, { report }) => {
        runs += 1;
        started.resolve(undefined);
        for (let steps = 0; ; steps += 1) {
          await report({ steps });
          await setTimeout(20);
        }
      });
      const id = await jobs.requestCollection(householdId);
      await started.promise;
      while (!(((await jobs.find(householdId, id))?.progress['steps'] ?? 0) > 0))
        await setTimeout(20);

      const cancelled = await jobs.cancel(householdId, id);
      const job = await whenEnded(id);

      expect(cancelled).toBe(true);
      expect(job).toMatchObject({ state: 'failed', failure: 'INTERRUPTED' });
      expect(job?.progress['steps']).toBeGreaterThan(0);
      expect(runs).toBe(1);
      expect(await jobs.cancel(householdId, id)).toBe(false);
      await running.close();
    });

    it('are made by the schedule: what is due is collected, and the day is noted', async () => {
      const { archive, actor } = test;
      const logger = createLogger('silent' as 'error');

      const running = await startWorker(test, { logger });
      let done: readonly JobView[] = [];
      while (!done.some(({ name, state }) => name === 'collect' && state === 'completed')) {
        await setTimeout(50);
        done = await archive.jobs.list(actor.householdId);
      }
      await running.close();

      const { upkeep } = await archive.retention.show(actor);
      expect(upkeep.collectedAt).toBeInstanceOf(Date);
      expect(upkeep.seenAt).toBeInstanceOf(Date);
      expect(await archive.storage.history(actor)).toHaveLength(1);
    });
  });
});
