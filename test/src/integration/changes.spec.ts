import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HouseholdChange } from '@rootcellar/archive';
import type { HouseholdId } from '@rootcellar/model';
import { newId, systemClock } from '@rootcellar/model';
import type { OpenArchive } from '@rootcellar/platform';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
let elsewhere: OpenArchive;
let heard: (HouseholdChange | 'missed')[];
let subscription: Disposable;
beforeAll(async () => {
  test = await openTestArchive();
  elsewhere = await test.openAgain();
  heard = [];
  subscription = elsewhere.archive.changes.subscribe(test.actor.householdId, (change) =>
    heard.push(change),
  );
  await until(() => heard.includes('missed'));
});
afterAll(async () => {
  subscription[Symbol.dispose]();
  await elsewhere.close();
  await test[Symbol.asyncDispose]();
});

async function until(met: () => boolean): Promise<void> {
  while (!met()) await setTimeout(10);
}

/** What was heard since, until all of these were. */
async function heardAll(...kinds: readonly HouseholdChange['kind'][]): Promise<HouseholdChange[]> {
  const changes = (): HouseholdChange[] => heard.filter((change) => change !== 'missed');
  await until(() => kinds.every((kind) => changes().some((change) => change.kind === kind)));
  return changes();
}

describe('what one process changes', () => {
  it('is heard by another: a snapshot that is kept, pinned, forgotten; a job; a policy', async () => {
    const { archive, actor } = test;
    const strangers: unknown[] = [];
    const other = newId<HouseholdId>(systemClock);
    using deaf = elsewhere.archive.changes.subscribe(other, (change) => strangers.push(change));
    const backup = await smallBackup(join(test.server.room, 'backup'));
    const uploadId = await sendBackup(archive, actor, backup);
    const kept = await commitBackup(archive.commitUpload, actor, { uploadId, backup });
    const id = kept.status === 'committed' ? kept.snapshotId : '';

    const [first] = await heardAll('snapshot');
    expect(first).toEqual({ kind: 'snapshot', id, memberId: actor.memberId });

    for (const change of [
      async () => archive.bin.setPinned(actor, 'snapshot', id as never, true),
      async () => archive.bin.setPinned(actor, 'snapshot', id as never, false),
      async () => archive.bin.forget(actor, 'snapshot', id as never, ['Test']),
    ]) {
      heard.splice(0);
      await change();
      expect(await heardAll('snapshot')).toHaveLength(1);
    }

    heard.splice(0);
    await archive.retention.set(actor, { snapshots: { last: 3 } });
    const jobId = await archive.jobs.requestScrub(actor.householdId);
    const told = await heardAll('policy', 'job');
    expect(told).toContainEqual({ kind: 'job', id: jobId, memberId: undefined });
    expect(strangers).toEqual([]);
    deaf[Symbol.dispose]();
  });

  it('while the connection was broken is told as missed, and what comes then is heard', async () => {
    heard.splice(0);
    await test.database.query(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'rootcellar-changes'`,
    );
    await until(() => heard.includes('missed'));

    await test.archive.retention.set(test.actor, { snapshots: { last: 4 } });

    expect(await heardAll('policy')).toHaveLength(1);
  });
});
