import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { PackId, UploadId } from '@rootcellar/model';
import { objectKey } from '@rootcellar/object-store';
import { commitBackup, openUploadFor, sendBackup, sendChunks, smallBackup } from './sent-backup.js';
import type { SmallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
let backup: SmallBackup;
beforeAll(async () => {
  test = await openTestArchive();
  backup = await smallBackup(join(test.server.room, 'backup'));
});
afterAll(async () => test[Symbol.asyncDispose]());

interface UploadFacts {
  readonly state: string;
  readonly hours_left: number;
  readonly sent: string;
  readonly pins: string;
}

async function factsOf(id: UploadId): Promise<UploadFacts | undefined> {
  const [facts] = await test.database.query<UploadFacts[]>(
    `select state, extract(epoch from expires_at - now())::float / 3600 as hours_left, sent_bytes as sent,
      (select count(*) from upload_pack where upload_id = upload.id) as pins from upload where id = $1`,
    [id],
  );
  return facts;
}

/** As if so much time had passed since its last sign of life. */
async function letPass(id: UploadId, time: string): Promise<void> {
  await test.database.query(
    `update upload set expires_at = expires_at - $2::interval, heartbeat_at = heartbeat_at - $2::interval where id = $1`,
    [id, time],
  );
}

describe('an upload', () => {
  it('is given up after a day of silence, and every message moves that day', async () => {
    const uploadId = await openUploadFor(test.archive, test.actor, backup);
    expect((await factsOf(uploadId))?.hours_left).toBeCloseTo(24, 1);
    await letPass(uploadId, '20 hours');

    await sendChunks(test.archive, test.actor, { uploadId, backup });

    const facts = await factsOf(uploadId);
    expect(facts).toMatchObject({ state: 'open', sent: String(backup.body.length) });
    expect(facts?.hours_left).toBeCloseTo(24, 1);
  });

  it('keeps what it put in and what it asked for, until it ends', async () => {
    const first = await sendBackup(test.archive, test.actor, backup);
    const second = await openUploadFor(test.archive, test.actor, backup);
    const ids = Buffer.from(
      backup.entries.flatMap(({ refs }) => refs.map(({ id }) => id)).join(''),
      'hex',
    );
    expect(await factsOf(second)).toMatchObject({ pins: '0' });

    const held = await test.archive.receiveChunks.have(test.actor, second, ids);

    expect([...held].every((is) => is === 1)).toBe(true);
    expect((await factsOf(first))?.pins).not.toBe('0');
    expect((await factsOf(second))?.pins).not.toBe('0');
    await test.archive.abandonUpload.execute(test.actor, second);
    expect(await factsOf(second)).toMatchObject({ state: 'abandoned', pins: '0' });
    expect((await factsOf(first))?.pins).not.toBe('0');
  });

  it('that was silent for a day is ended by tidying, with its pins, and no other is', async () => {
    const silent = await sendBackup(test.archive, test.actor, backup);
    const busy = await sendBackup(test.archive, test.actor, backup);
    await letPass(silent, '24 hours 1 second');
    await letPass(busy, '23 hours');

    const report = await test.archive.tidyUploads.execute();

    expect(report.expiredUploads).toBe(1);
    expect(await factsOf(silent)).toMatchObject({ state: 'expired', pins: '0' });
    expect(await factsOf(busy)).toMatchObject({ state: 'open' });
    await expect(
      commitBackup(test.archive.commitUpload, test.actor, { uploadId: silent, backup }),
    ).rejects.toMatchObject({ code: 'UPLOAD_NOT_OPEN' });
    await expect(
      sendChunks(test.archive, test.actor, { uploadId: silent, backup }),
    ).rejects.toMatchObject({ code: 'UPLOAD_NOT_OPEN' });
  });

  it('that has ended keeps nothing, not even by a message that was on its way when it ended', async () => {
    const { archive, actor, database } = test;
    const uploadId = await sendBackup(archive, actor, backup);
    await archive.abandonUpload.execute(actor, uploadId);
    await database.query(
      `insert into upload_pack (upload_id, pack_id) select $1, id from pack where state = 'live'`,
      [uploadId],
    );

    await archive.tidyUploads.execute();

    expect(await factsOf(uploadId)).toMatchObject({ state: 'abandoned', pins: '0' });
  });

  it('can be gone on with by its device, and not once it has ended', async () => {
    const { actor, archive } = test;
    const uploadId = await openUploadFor(archive, actor, backup);
    const declared = { kind: 'snapshot', udid: backup.udid, deviceName: 'x' } as const;
    const other = { ...declared, udid: '1'.repeat(40) };

    expect(await archive.openUpload.execute(actor, declared, { resume: uploadId })).toMatchObject({
      ...{ resumed: true, upload: { id: uploadId } },
    });
    expect(await archive.openUpload.execute(actor, other, { resume: uploadId })).toMatchObject({
      resumed: false,
    });
    await archive.abandonUpload.execute(actor, uploadId);
    expect(await archive.openUpload.execute(actor, declared, { resume: uploadId })).toMatchObject({
      resumed: false,
    });
  });
});

describe('a pack whose writing never ended', () => {
  async function leaveBehind(age: string): Promise<PackId> {
    const packId = crypto.randomUUID() as PackId;
    await test.database.query(
      `insert into pack (id, household_id, type, state, state_since) values ($1, $2, 1, 'uploading', now() - $3::interval)`,
      [packId, test.actor.householdId, age],
    );
    await test.objects.put(keyOf(packId), [Buffer.from('half a pack')]);
    return packId;
  }
  const keyOf = (packId: PackId): ReturnType<typeof objectKey> =>
    objectKey(`households/${test.actor.householdId}/packs/${packId.slice(-2)}/${packId}`);

  it('is removed by tidying after an hour, row and object; a younger one is left alone', async () => {
    const [old, young] = [await leaveBehind('61 minutes'), await leaveBehind('59 minutes')];

    const report = await test.archive.tidyUploads.execute();

    expect(report.removedPacks).toBe(1);
    expect(await test.objects.stat(keyOf(old))).toBeUndefined();
    expect(await test.objects.stat(keyOf(young))).toBeDefined();
    const states = await test.database.query<{ state: string }[]>(
      'select state from pack where id = any($1) order by state',
      [[old, young]],
    );
    expect(states.map(({ state }) => state)).toEqual(['deleted', 'uploading']);
    expect(await test.archive.tidyUploads.execute()).toMatchObject({ removedPacks: 0 });
  });
});
