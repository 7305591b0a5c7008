import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor, CommittedSnapshot } from '@rootcellar/archive';
import { encodeHaveQuestion } from '@rootcellar/chunking';
import { chunkIdFromBytes, sha256 } from '@rootcellar/model';
import type { ChunkId, UploadId } from '@rootcellar/model';
import type { Archive } from '@rootcellar/platform';
import { addMember } from './second-actor.js';
import { commitBackup, openUploadFor, sendBackup, sendChunks, smallBackup } from './sent-backup.js';
import type { SmallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
/** The same content on two devices. */
let hers: SmallBackup;
let his: SmallBackup;
let bob: Actor;
beforeAll(async () => {
  test = await openTestArchive();
});
afterAll(async () => test[Symbol.asyncDispose]());
beforeEach(async () => {
  await test.database.query('truncate root, snapshot, device, upload, chunk, pack cascade');
  await test.database.query('update household set dedup_by_member = false');
  // Another one each time: what a process remembers of a member is never of the test before.
  bob = await addMember(test, { email: `bob-${randomUUID()}@example.org`, role: 'member' });
  const room = join(test.server.room, randomUUID());
  hers = await smallBackup(join(room, 'hers'), { udid: '00008110-0000000000000AAA' });
  his = await smallBackup(join(room, 'his'), { udid: '00008110-0000000000000BBB' });
});

const idsOf = ({ entries }: SmallBackup): ChunkId[] =>
  entries.flatMap(({ refs }) => refs.map(({ id }) => id));

async function held(
  archive: Archive,
  actor: Actor,
  uploadId: UploadId,
  ids: readonly ChunkId[],
): Promise<number> {
  const answer = await archive.receiveChunks.have(actor, uploadId, encodeHaveQuestion(ids));
  return answer.reduce((sum, is) => sum + is, 0);
}

async function push(actor: Actor, backup: SmallBackup): Promise<CommittedSnapshot> {
  const uploadId = await sendBackup(test.archive, actor, backup);
  const result = await commitBackup(test.archive.commitUpload, actor, { uploadId, backup });
  expect(result.status).toBe('committed');
  return result as CommittedSnapshot;
}

async function storedBytes(): Promise<number> {
  const [row] = await test.database.query<{ bytes: string }[]>(
    `select coalesce(sum(size), 0) as bytes from pack where state = 'live' and type = 1`,
  );
  return Number(row?.bytes);
}

/** SHA-256 of every file of a snapshot, read back. */
async function contentOf(snapshot: CommittedSnapshot): Promise<string[]> {
  const [row] = await test.database.query<{ tree: Buffer }[]>(
    'select tree from root where id = $1',
    [snapshot.snapshotId],
  );
  const vault = await test.archive.vaults.open(test.actor.householdId);
  const sums: string[] = [];
  for await (const entry of vault.trees.entries(chunkIdFromBytes(row?.tree ?? Buffer.of()))) {
    if (entry.recipe === undefined) continue;
    const parts: Uint8Array[] = [];
    for await (const part of vault.files.stream(entry.recipe)) parts.push(part.slice());
    sums.push(`${entry.path} ${sha256(Buffer.concat(parts))}`);
  }
  return sums;
}

describe('a chunk that another member stored', () => {
  it('is neither told of nor taken in a commit, until the sender shows its bytes', async () => {
    const { archive, actor } = test;
    await push(actor, hers);
    const foreign = idsOf(hers);
    const uploadId = await openUploadFor(archive, bob, his);

    expect(await held(archive, bob, uploadId, foreign)).toBe(0);
    const named = { ...his, entries: hers.entries };
    const refused = await commitBackup(archive.commitUpload, bob, { uploadId, backup: named });
    expect(refused.status).toBe('missing');
    expect(new Set(refused.status === 'missing' ? refused.chunkIds : [])).toEqual(new Set(foreign));

    await sendChunks(archive, bob, { uploadId, backup: his });

    expect(await held(archive, bob, uploadId, idsOf(his))).toBe(idsOf(his).length);
    const taken = await commitBackup(archive.commitUpload, bob, { uploadId, backup: his });
    expect(taken.status).toBe('committed');
  });

  it('of a length that it does not have gets the same answer', async () => {
    const { archive, actor } = test;
    await push(actor, hers);
    const uploadId = await openUploadFor(archive, bob, his);
    const entries = hers.entries.map((entry) => ({
      ...entry,
      size: entry.size + entry.refs.length,
      refs: entry.refs.map((ref) => ({ ...ref, length: ref.length + 1 })),
    }));

    const refused = await commitBackup(archive.commitUpload, bob, {
      ...{ uploadId, backup: { ...his, entries } },
    });

    expect(refused.status).toBe('missing');
  });

  it('is stored once all the same, and both restore', async () => {
    const first = await push(test.actor, hers);
    const before = await storedBytes();

    const second = await push(bob, his);

    // What differs between the two devices are their plists.
    expect((await storedBytes()) - before).toBeLessThan(before / 2);
    expect(await contentOf(second)).toHaveLength(
      his.entries.filter(({ type }) => type === 'file').length,
    );
    expect(await contentOf(first)).toHaveLength(
      hers.entries.filter(({ type }) => type === 'file').length,
    );
  });

  it('is not shown by bytes that are others', async () => {
    const { archive, actor } = test;
    await push(actor, hers);
    const uploadId = await openUploadFor(archive, bob, his);
    const body = Buffer.from(hers.body);
    body[body.length - 1] = (body[body.length - 1] ?? 0) ^ 1;

    await expect(
      sendChunks(archive, bob, { uploadId, backup: { ...his, body } }),
    ).rejects.toThrow();

    expect(await held(archive, bob, uploadId, idsOf(hers))).toBe(0);
  });
});

describe('what an upload showed', () => {
  it('is known to another process, and after a restart', async () => {
    const { archive, actor } = test;
    await push(actor, hers);
    const uploadId = await openUploadFor(archive, bob, his);
    const other = await test.openAgain();
    try {
      expect(await held(other.archive, bob, uploadId, idsOf(his))).toBe(0);
      await sendChunks(archive, bob, { uploadId, backup: his });

      expect(await held(other.archive, bob, uploadId, idsOf(his))).toBe(idsOf(his).length);
      const result = await commitBackup(other.archive.commitUpload, bob, { uploadId, backup: his });
      expect(result.status).toBe('committed');
    } finally {
      await other.close();
    }
    expect(await test.database.query('select from upload_shown')).toEqual([]);
  });

  it('ends with the upload', async () => {
    const { archive, actor } = test;
    await push(actor, hers);
    const uploadId = await sendBackup(archive, bob, his);
    await archive.abandonUpload.execute(bob, uploadId);
    const again = await openUploadFor(archive, bob, his);

    expect(
      await held(
        archive,
        bob,
        again,
        idsOf(hers).filter((id) => idsOf(his).includes(id)),
      ),
    ).toBe(0);
  });
});

describe("a member's own roots", () => {
  it('need not be sent again, also when another process committed them', async () => {
    const { archive } = test;
    await push(test.actor, hers);
    const other = await test.openAgain();
    try {
      const early = await openUploadFor(archive, bob, his);
      expect(await held(archive, bob, early, idsOf(his))).toBe(0);
      const uploadId = await sendBackup(other.archive, bob, his);
      await commitBackup(other.archive.commitUpload, bob, { uploadId, backup: his });
      // Somebody who names what is not known as theirs is looked up again once a second.
      await new Promise((resolve) => setTimeout(resolve, 1100));

      expect(await held(archive, bob, early, idsOf(his))).toBe(idsOf(his).length);
    } finally {
      await other.close();
    }
  });

  it('count no more when they are gone, at the latest in a commit', async () => {
    const { archive, actor, database } = test;
    await push(actor, hers);
    const { snapshotId } = await push(bob, his);
    const uploadId = await openUploadFor(archive, bob, his);
    expect(await held(archive, bob, uploadId, idsOf(his))).toBe(idsOf(his).length);
    await database.query('delete from root where id = $1', [snapshotId]);

    const result = await commitBackup(archive.commitUpload, bob, { uploadId, backup: his });

    expect(result.status).toBe('missing');
  });
});

describe('a member who was alone', () => {
  it('is asked for nothing, and nothing is noted', async () => {
    const { archive, actor, database } = test;

    const uploadId = await sendBackup(archive, actor, hers);

    expect(await held(archive, actor, uploadId, idsOf(hers))).toBe(idsOf(hers).length);
    expect(await database.query('select from upload_shown')).toEqual([]);
  });

  it('goes on with an open upload when another begins: nothing is sent twice', async () => {
    const { archive, actor } = test;
    const uploadId = await sendBackup(archive, actor, hers);
    await sendBackup(archive, bob, his);

    expect(await held(archive, actor, uploadId, idsOf(hers))).toBe(idsOf(hers).length);
    const result = await commitBackup(archive.commitUpload, actor, { uploadId, backup: hers });
    expect(result.status).toBe('committed');
  });
});

describe('sizes told by member', () => {
  it('are what they were if nobody else had anything', async () => {
    const { archive, actor, database } = test;
    await push(actor, hers);
    await database.query('update household set dedup_by_member = true');
    const uploadId = await openUploadFor(archive, bob, his);

    const receipt = await archive.receiveChunks.receive(bob, uploadId, (room) => {
      room.set(his.body);
      return Promise.resolve(his.body.length);
    });
    const result = await commitBackup(archive.commitUpload, bob, { uploadId, backup: his });

    const plain = new Map(
      his.entries.flatMap(({ refs }) => refs.map((ref) => [ref.id, ref.length])),
    );
    const bytes = [...plain.values()].reduce((sum, length) => sum + length, 0);
    expect(receipt.newBytes).toBe(bytes);
    expect(result).toMatchObject({ status: 'committed', newBytes: bytes });
    const [row] = await database.query<{ alone: string }[]>(
      `select sum(sealed_length) as alone from chunk where id in (select unnest($1::bytea[]))`,
      [[...plain.keys()].map((id) => Buffer.from(id, 'hex'))],
    );
    expect((result as CommittedSnapshot).storedBytes).toBeGreaterThan(Number(row?.alone));
  });
});
