import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { JobView } from '@rootcellar/archive';
import type { HouseholdId, JobId } from '@rootcellar/model';
import { newId, systemClock } from '@rootcellar/model';
import { createLogger } from '@rootcellar/platform';
import type { OpenArchive } from '@rootcellar/platform';
import { startWorker } from '@rootcellar/worker';
import type { RedisServer } from '@rootcellar/testkit';
import { BACKENDS, redisOf } from './queue-backends.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

describe.each(BACKENDS)('with the queue in %s', (backend) => {
  let redis: RedisServer | undefined;
  let test: TestArchive;
  beforeAll(async () => {
    redis = await redisOf(backend);
    test = await openTestArchive({ redis });
    const { archive, actor } = test;
    const backup = await smallBackup(join(test.server.room, 'backup'));
    const uploadId = await sendBackup(archive, actor, backup);
    await commitBackup(archive.commitUpload, actor, { uploadId, backup });
  });
  afterAll(async () => {
    await test[Symbol.asyncDispose]();
    await redis?.stop();
  });

  async function worker(opened: OpenArchive): Promise<{ close(): Promise<void> }> {
    return startWorker(opened, { logger: createLogger('silent' as 'error') });
  }

  async function whenEnded(id: JobId): Promise<JobView | undefined> {
    for (;;) {
      const job = await test.archive.jobs.find(test.actor.householdId, id);
      if (job?.state === 'completed' || job?.state === 'failed') return job;
      await new Promise(setImmediate);
    }
  }

  describe('a scrub that was asked for', () => {
    it('waits, visible to its household alone, and is not queued twice', async () => {
      const { jobs } = test.archive;
      const { householdId } = test.actor;

      const id = await jobs.requestScrub(householdId);

      expect(await jobs.requestScrub(householdId)).toBe(id);
      expect(await jobs.find(householdId, id)).toMatchObject({ name: 'scrub', state: 'waiting' });
      expect(await jobs.find(newId<HouseholdId>(systemClock), id)).toBeUndefined();
    });

    it('is still there after a restart, runs then, and tells what it found', async () => {
      const { jobs } = test.archive;
      const { householdId } = test.actor;
      const id = await jobs.requestScrub(householdId);
      const restarted = await test.openAgain();

      const running = await worker(restarted);
      const job = await whenEnded(id);

      expect(job).toMatchObject({ id, householdId, state: 'completed', failure: undefined });
      expect(job?.result).toMatchObject({ clean: true, roots: 1, findings: [] });
      expect(job?.progress['bytes']).toBeGreaterThan(0);
      // The next one is another job.
      expect(await jobs.requestScrub(householdId)).not.toBe(id);
      await running.close();
      await restarted.close();
    });

    it('tells of damage: what is damaged, and by which code', async () => {
      const { jobs } = test.archive;
      const { householdId } = test.actor;
      const damaged = await damageOnePack();
      const running = await worker(test);

      const job = await whenEnded(await jobs.requestScrub(householdId));

      expect(job?.result).toMatchObject({ clean: false });
      const { findings } = job?.result as { findings: readonly { what: string; id: string }[] };
      expect(findings).toContainEqual({ what: 'pack', id: damaged, code: 'PACK_DAMAGED' });
      await running.close();
    });
  });

  /** One bit, somewhere in the middle. */
  async function damageOnePack(): Promise<string> {
    for await (const { key, size } of test.objects.list('')) {
      if (!key.includes('/packs/')) continue;
      const bytes = await test.objects.read(key, { offset: 0, length: size });
      const at = Math.floor(size / 2);
      bytes[at] = (bytes[at] ?? 0) ^ 1;
      await test.objects.remove([key]);
      await test.objects.put(key, [bytes]);
      return key.slice(key.lastIndexOf('/') + 1);
    }
    throw new Error('there is no pack');
  }
});
