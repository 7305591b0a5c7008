import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobView } from '@rootcellar/archive';
import { COLLECT_JOB, RETENTION_JOB, SCRUB_JOB } from '@rootcellar/jobs';
import type { Processor } from '@rootcellar/jobs';
import { newId, systemClock } from '@rootcellar/model';
import type { HouseholdId, JobId } from '@rootcellar/model';
import type { OpenArchive } from '@rootcellar/platform';
import type { RedisServer } from '@rootcellar/testkit';
import { BACKENDS, redisOf } from './queue-backends.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';
import { startTestWorker } from './test-worker.js';
import type { WorkerOrder } from './worker-process.js';

const HOUSEHOLDS = 5;
const REQUESTS = 200;

describe.each(BACKENDS)('two workers with the queue in %s', (backend) => {
  let redis: RedisServer | undefined;
  let test: TestArchive;
  let other: OpenArchive;
  let households: HouseholdId[];
  beforeAll(async () => {
    redis = await redisOf(backend);
    test = await openTestArchive({ redis });
    other = await test.openAgain();
    households = Array.from({ length: HOUSEHOLDS }, () => newId<HouseholdId>(systemClock));
    await test.database.query(
      `insert into household (id, name, time_zone, wrapped_key)
        select unnest($1::uuid[]), 'another', time_zone, wrapped_key from household limit ${HOUSEHOLDS}`,
      [households],
    );
  });
  afterAll(async () => {
    await other.close();
    await test[Symbol.asyncDispose]();
    await redis?.stop();
  });

  async function whenEnded(householdId: HouseholdId, id: JobId): Promise<JobView | undefined> {
    for (;;) {
      const job = await test.archive.jobs.find(householdId, id);
      if (job === undefined || job.endedAt !== undefined) return job;
      await setTimeout(20);
    }
  }

  it('never work on the same packs at once, and answer every request', async () => {
    const working = new Map<string, number>();
    let runs = 0;
    let most = 0;
    const processorOf =
      (area: string): Processor =>
      async (payload) => {
        const place = `${area} ${'householdId' in payload ? payload.householdId : ''}`;
        const there = (working.get(place) ?? 0) + 1;
        working.set(place, there);
        most = Math.max(most, there);
        runs += 1;
        await setTimeout(30);
        working.set(place, (working.get(place) ?? 0) - 1);
        return {};
      };
    const processors = {
      [COLLECT_JOB]: processorOf('packs'),
      [SCRUB_JOB]: processorOf('packs'),
      [RETENTION_JOB]: processorOf('retention'),
    };
    const workers = [test, other].map((opened) =>
      startTestWorker(opened, processors, { concurrency: 4 }),
    );

    const [first] = households as [HouseholdId];
    const asked = await Promise.all(
      Array.from({ length: REQUESTS }, async (_, n) => {
        await setTimeout(n * 10);
        const { jobs } = (n % 2 === 0 ? test : other).archive;
        const householdId = households[n % HOUSEHOLDS] ?? first;
        const ask = [
          async () => jobs.requestCollection(householdId),
          async () => jobs.requestScrub(householdId),
          async () => jobs.requestRetention(householdId),
        ][n % 3] as () => Promise<JobId>;
        return { householdId, id: await ask() };
      }),
    );
    const ended = await Promise.all(
      asked.map(async ({ householdId, id }) => whenEnded(householdId, id)),
    );
    await Promise.all(workers.map(async (worker) => worker.close()));

    expect(ended.map((job) => job?.state)).toEqual(asked.map(() => 'completed'));
    expect(most).toBe(1);
    expect(runs).toBe(new Set(asked.map(({ id }) => id)).size);
    // In PostgreSQL a delayed job is taken up when the queue is looked at next, up to five seconds late.
  }, 240_000);

  it('hand over what one of them is stopped in, at once and as the same attempt', async () => {
    const [householdId] = households as [HouseholdId];
    const begun = Promise.withResolvers<undefined>();
    const first = startTestWorker(test, {
      [SCRUB_JOB]: async (_payload, { report }) => {
        begun.resolve(undefined);
        for (;;) {
          await report({});
          await setTimeout(10);
        }
      },
    });
    const id = await test.archive.jobs.requestScrub(householdId);
    await begun.promise;
    const second = startTestWorker(other, { [SCRUB_JOB]: () => Promise.resolve({ by: 'second' }) });

    const stopped = performance.now();
    await first.close();
    const job = await whenEnded(householdId, id);

    expect(job).toMatchObject({ state: 'completed', result: { by: 'second' } });
    expect(performance.now() - stopped).toBeLessThan(6_000);
    await second.close();
  });

  it('finish what was begun by one that was killed', async () => {
    const [householdId] = households as [HouseholdId];
    const order: WorkerOrder = {
      database: test.server.connection,
      queueConnection: test.queueConnection,
    };
    const doomed = spawn(
      process.execPath,
      [fileURLToPath(new URL('worker-process.js', import.meta.url))],
      {
        env: { ...process.env, ROOTCELLAR_TEST_WORKER: JSON.stringify(order) },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const id = await test.archive.jobs.requestScrub(householdId);
    await once(doomed.stdout, 'data');
    const heir = startTestWorker(
      other,
      { [SCRUB_JOB]: () => Promise.resolve({ by: 'heir' }) },
      { stalledAfterMs: 1500 },
    );
    expect(await test.archive.jobs.find(householdId, id)).toMatchObject({ state: 'active' });

    doomed.kill('SIGKILL');
    const job = await whenEnded(householdId, id);

    expect(job).toMatchObject({ state: 'completed', result: { by: 'heir' } });
    await heir.close();
  });
});
