import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '@rootcellar/archive';
import type { UploadId } from '@rootcellar/model';
import { addMember } from './second-actor.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import type { SmallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

const MIB = 1024 * 1024;

let test: TestArchive;
let bob: Actor;
let hers: SmallBackup;
let his: SmallBackup;
let n = 0;
beforeAll(async () => {
  test = await openTestArchive();
  bob = await addMember(test, { email: 'bob@example.org', role: 'member' });
});
afterAll(async () => test[Symbol.asyncDispose]());
beforeEach(async () => {
  await test.database.query('truncate root, snapshot, device, upload, chunk, pack cascade');
  await test.database.query('update household set quota_bytes = null, quota_level = 0');
  await test.database.query('update member set quota_bytes = null, quota_level = 0');
  n += 1;
  hers = await smallBackup(join(test.server.room, `hers-${n}`), {
    udid: '00008110-0000000000000AAA',
  });
  his = await smallBackup(join(test.server.room, `his-${n}`), {
    udid: '00008110-0000000000000BBB',
  });
});

async function open(
  actor: Actor,
  udid: string,
  logicalBytes: number,
  resume?: UploadId,
): ReturnType<TestArchive['archive']['openUpload']['execute']> {
  const declared = { kind: 'snapshot', udid, deviceName: 'Phone' } as const;
  return test.archive.openUpload.execute(actor, declared, { logicalBytes, resume });
}

async function push(actor: Actor, backup: SmallBackup): Promise<void> {
  const uploadId = await sendBackup(test.archive, actor, backup);
  const result = await commitBackup(test.archive.commitUpload, actor, { uploadId, backup });
  expect(result.status).toBe('committed');
}

async function limit(bytes: number): Promise<void> {
  const { archive, actor } = test;
  await archive.householdSettings.setMemberQuota(actor, bob.memberId, bytes);
}

const openUploads = async (): Promise<number> =>
  (await test.database.query<object[]>(`select from upload where state = 'open'`)).length;

describe('an upload', () => {
  it('that does not fit is refused before anything is sent, and leaves nothing', async () => {
    await limit(50 * MIB);

    const refused = open(bob, his.udid, 60 * MIB);

    await expect(refused).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      details: { scope: 'member', quotaBytes: 50 * MIB, neededBytes: 60 * MIB, sentBytes: 0 },
    });
    expect(await openUploads()).toBe(0);
  });

  it('reserves what it will need: the next one has what is left', async () => {
    await limit(50 * MIB);
    await open(bob, his.udid, 30 * MIB);

    await expect(open(bob, '00008110-0000000000000CCC', 30 * MIB)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      details: { claimedBytes: 30 * MIB },
    });
    await expect(open(bob, '00008110-0000000000000CCC', 20 * MIB)).resolves.toMatchObject({
      status: 'open',
    });
  });

  it('of several at a time only gets through where there is room, in two processes too', async () => {
    await limit(50 * MIB);
    const other = await test.openAgain();
    try {
      const opened = await Promise.allSettled(
        [test.archive, other.archive, test.archive, other.archive].map(async (archive, at) =>
          archive.openUpload.execute(
            bob,
            { kind: 'snapshot', udid: `00008110-000000000000000${at}`, deviceName: 'Phone' },
            { logicalBytes: 20 * MIB },
          ),
        ),
      );

      expect(opened.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    } finally {
      await other.close();
    }
  });

  it('of a device that was backed up before needs what it grew', async () => {
    await push(bob, his);
    const [row] = await test.database.query<{ bytes: string }[]>('select bytes from root');
    const before = Number(row?.bytes);
    await limit(before + 10 * MIB);

    await expect(open(bob, his.udid, before + 9 * MIB)).resolves.toMatchObject({ status: 'open' });
    await test.database.query('truncate upload cascade');
    await expect(open(bob, his.udid, before + 11 * MIB)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
    });
  });

  it("is refused where the household's quota has no room, whoever used it", async () => {
    const { archive, actor } = test;
    await push(actor, hers);
    await archive.householdSettings.setHouseholdQuota(
      { ...actor, operator: true, membership: undefined },
      actor.householdId,
      1,
    );

    await expect(open(bob, his.udid, 0)).rejects.toMatchObject({
      code: 'QUOTA_EXCEEDED',
      details: { scope: 'household' },
    });
  });

  it('that sends more than it said is stopped, body by body', async () => {
    await limit(500);
    const opened = await open(bob, his.udid, 0);
    const uploadId = opened.status === 'open' ? opened.upload.id : ('' as UploadId);
    const send = async (): Promise<unknown> =>
      test.archive.receiveChunks.receive(bob, uploadId, (room) => {
        room.set(his.body);
        return Promise.resolve(his.body.length);
      });

    await expect(send()).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    const [row] = await test.database.query<{ stored: string }[]>(
      'select stored_bytes as stored from upload where id = $1',
      [uploadId],
    );
    expect(Number(row?.stored)).toBeGreaterThan(500);
    await new Promise((resolve) => setTimeout(resolve, 3100));
    let read = false;
    const next = test.archive.receiveChunks.receive(bob, uploadId, () => {
      read = true;
      return Promise.resolve(0);
    });
    await expect(next).rejects.toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(read).toBe(false);
  });
});

describe('use', () => {
  it('of what two need is half for each, exactly', async () => {
    const { archive, actor } = test;
    await push(actor, hers);
    const alone = await archive.storage.use(actor);
    await push(bob, his);

    const both = await archive.storage.use(actor);

    const of = (who: Actor): { usedBytes: number; freesBytes: number } =>
      both.members.find(({ memberId }) => memberId === who.memberId) ?? {
        usedBytes: 0,
        freesBytes: 0,
      };
    expect(of(actor).usedBytes).toBeLessThan(alone.members[0]?.usedBytes ?? 0);
    const total = both.household?.usedBytes ?? 0;
    expect(Math.abs(of(actor).usedBytes + of(bob).usedBytes - total)).toBeLessThanOrEqual(2);
    const shared = total - of(actor).freesBytes - of(bob).freesBytes;
    expect(of(actor).usedBytes).toBe(Math.floor(of(actor).freesBytes + shared / 2));
  });

  it('is told to whom it concerns, with a warning when it is high, once in the trail', async () => {
    const { archive, actor, database } = test;
    const linesOf = async (): Promise<{ subject: string }[]> =>
      database.query(`select subject from audit where action = 'quota-reached' order by id`);
    const before = (await linesOf()).length;
    await push(bob, his);
    const used = (await archive.storage.use(bob)).members[0]?.usedBytes ?? 0;
    await limit(Math.ceil(used / 0.9));

    const opened = [await open(bob, his.udid, 0), await open(bob, his.udid, 0)];

    expect(opened[0]).toMatchObject({ quota: { scope: 'member', level: 80, usedBytes: used } });
    expect(await archive.storage.use(bob)).toEqual({
      household: undefined,
      members: [expect.objectContaining({ memberId: bob.memberId, level: 80 })],
    });
    expect((await archive.storage.use(actor)).members.map(({ memberId }) => memberId)).toContain(
      bob.memberId,
    );
    expect((await linesOf()).slice(before)).toEqual([{ subject: '80 %' }]);
  });
});
