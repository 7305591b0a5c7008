import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { ChunkProofs, CommitUpload } from '@rootcellar/archive';
import type { CommittedSnapshot, RootCatalog } from '@rootcellar/archive';
import {
  PgProofCatalog,
  PgReadingCatalog,
  PgRootCatalog,
  PgSpaceCatalog,
  PgUploadCatalog,
} from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { DeviceId, MemberId, UploadId } from '@rootcellar/model';
import { commitBackup, openUploadFor, sendBackup, sendChunks, smallBackup } from './sent-backup.js';
import type { SmallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
beforeAll(async () => {
  test = await openTestArchive();
});
afterAll(async () => test[Symbol.asyncDispose]());

/** Another phone with files of its own, each time. */
let backup: SmallBackup;
let phones = 0;
beforeEach(async () => {
  phones += 1;
  const udid = String(phones).padStart(40, '0');
  const file = { domain: 'HomeDomain', path: 'Library/file', content: `of phone ${phones}` };
  backup = await smallBackup(join(test.server.room, udid), { udid, files: [file] });
});

async function countOf(table: string, where: string, value: string): Promise<number> {
  const [row] = await test.database.query<{ n: string }[]>(
    `select count(*) as n from ${table} where ${where}`,
    [value],
  );
  return Number(row?.n);
}

async function stateOf(uploadId: UploadId): Promise<string | undefined> {
  return (await new PgUploadCatalog(test.database).find(uploadId))?.state;
}

/** All packs of the upload, as garbage collection leaves them. */
async function changePacks(uploadId: UploadId, state: string): Promise<void> {
  await test.database.query(
    `update pack set state = $2, epoch = epoch + 1 where id in (select pack_id from upload_pack where upload_id = $1)`,
    [uploadId, state],
  );
}

async function committed(uploadId: UploadId): Promise<CommittedSnapshot> {
  const { archive, actor } = test;
  const result = await commitBackup(archive.commitUpload, actor, { uploadId, backup });
  if (result.status !== 'committed') throw new Error(`not committed: ${result.status}`);
  return result;
}

describe('a commit', () => {
  it('makes the snapshot visible with all it needs, and lets go of the pins', async () => {
    const uploadId = await sendBackup(test.archive, test.actor, backup);

    const { snapshotId, deviceId } = await committed(uploadId);

    expect(await countOf('snapshot', 'id = $1', snapshotId)).toBe(1);
    expect(await countOf('root_pack', 'root_id = $1', snapshotId)).toBeGreaterThanOrEqual(2);
    expect(await countOf('device', 'id = $1', deviceId)).toBe(1);
    expect(await countOf('upload_pack', 'upload_id = $1', uploadId)).toBe(0);
    expect(await stateOf(uploadId)).toBe('committed');
  });

  it('is one transaction: what fails at its end leaves nothing', async () => {
    const { archive, actor, database } = test;
    const uploadId = await sendBackup(archive, actor, backup);
    const [other, device] = [newId<MemberId>(systemClock), newId<DeviceId>(systemClock)];
    await database.query(
      `insert into member (id, household_id, name, email, password_hash, role) values ($1, $2, 'Bob', $1::uuid::text, '', 'member')`,
      [other, actor.householdId],
    );
    const before = await countOf('root', 'household_id = $1', actor.householdId);
    const roots = new PgRootCatalog(database, systemClock);
    const disturbed: RootCatalog = {
      commitArtifact: async (...given) => roots.commitArtifact(...given),
      commitSnapshot: async (...given) => {
        // In the last moment the phone became another member's.
        await database.query(
          `insert into device (id, household_id, owner_id, udid, name) values ($1, $2, $3, $4, 'of Bob')`,
          [device, actor.householdId, other, backup.udid],
        );
        return roots.commitSnapshot(...given);
      },
    };
    const space = new PgSpaceCatalog(database);
    const proofs = new ChunkProofs(new PgProofCatalog(database, space), systemClock);
    const commit = new CommitUpload({
      ...{ uploads: new PgUploadCatalog(database), roots: disturbed, vaults: archive.vaults },
      ...{
        clock: systemClock,
        committed: new PgReadingCatalog(database),
        proofs,
        space,
      },
    });

    await expect(commitBackup(commit, actor, { uploadId, backup })).rejects.toMatchObject({
      code: 'FORBIDDEN',
    });

    expect(await countOf('root', 'household_id = $1', actor.householdId)).toBe(before);
    expect(await countOf('snapshot', 'device_id = $1', device)).toBe(0);
    expect(await countOf('upload_pack', 'upload_id = $1', uploadId)).toBeGreaterThan(0);
    expect(await stateOf(uploadId)).toBe('open');
    const [{ name } = { name: '' }] = await database.query<{ name: string }[]>(
      'select name from device where id = $1',
      [device],
    );
    expect(name).toBe('of Bob');
  });

  it('gives one snapshot, however often and however much at once it is asked for', async () => {
    const uploadId = await sendBackup(test.archive, test.actor, backup);

    const results = await Promise.allSettled([committed(uploadId), committed(uploadId)]);

    const refusals = results.filter((result) => result.status === 'rejected');
    for (const { reason } of refusals) expect(reason).toMatchObject({ code: 'UPLOAD_NOT_OPEN' });
    const { snapshotId, deviceId } = await committed(uploadId);
    expect(await countOf('snapshot', 'device_id = $1', deviceId)).toBe(1);
    expect(results).toContainEqual(
      expect.objectContaining({ value: expect.objectContaining({ snapshotId }) }),
    );
  });

  it('counts anew when a pack was condemned under it, and brings that pack back', async () => {
    const { archive, actor, database } = test;
    const uploadId = await sendBackup(archive, actor, backup);
    const roots = new PgRootCatalog(database, systemClock);
    const seen: string[] = [];
    const disturbed: RootCatalog = {
      commitArtifact: async (...given) => roots.commitArtifact(...given),
      commitSnapshot: async (...given) => {
        if (seen.length === 0) await changePacks(uploadId, 'condemned');
        const result = await roots.commitSnapshot(...given);
        seen.push(result.status);
        return result;
      },
    };
    const space = new PgSpaceCatalog(database);
    const proofs = new ChunkProofs(new PgProofCatalog(database, space), systemClock);
    const commit = new CommitUpload({
      ...{ uploads: new PgUploadCatalog(database), roots: disturbed, vaults: archive.vaults },
      ...{
        clock: systemClock,
        committed: new PgReadingCatalog(database),
        proofs,
        space,
      },
    });

    const result = await commitBackup(commit, actor, { uploadId, backup });

    expect(result.status).toBe('committed');
    expect(seen).toEqual(['packs-changed', 'committed']);
    const states = await database.query<{ state: string }[]>(
      `select distinct state from pack join root_pack on pack_id = pack.id where root_id = $1`,
      [(result as CommittedSnapshot).snapshotId],
    );
    expect(states).toEqual([{ state: 'live' }]);
  });

  it('asks for chunks again that went with their pack, and takes them', async () => {
    const { archive, actor } = test;
    const uploadId = await sendBackup(archive, actor, backup);
    await changePacks(uploadId, 'deleted');
    const wanted = new Set(backup.entries.flatMap(({ refs }) => refs.map(({ id }) => id)));

    const refused = await commitBackup(archive.commitUpload, actor, { uploadId, backup });

    expect(refused.status).toBe('missing');
    const missing = refused.status === 'missing' ? refused.chunkIds : [];
    expect(missing.length).toBeGreaterThan(0);
    for (const id of missing) expect(wanted).toContain(id);
    await sendChunks(archive, actor, { uploadId, backup });
    await expect(committed(uploadId)).resolves.toMatchObject({ status: 'committed' });
  });
});

/** How many chunks the household has, under how many numbers, and which number comes next. */
async function numbering(): Promise<{ chunks: number; numbers: number; next: number }> {
  const [row] = await test.database.query<Record<'chunks' | 'numbers' | 'next', string>[]>(
    `select count(*) as chunks, count(distinct ordinal) as numbers,
        (select next_ordinal from household where id = $1) as next from chunk where household_id = $1`,
    [test.actor.householdId],
  );
  return {
    chunks: Number(row?.chunks),
    numbers: Number(row?.numbers),
    next: Number(row?.next),
  };
}

describe('two processes that take in the same chunks at once', () => {
  it('store each once, under one number, and both commit', async () => {
    const { archive, actor } = test;
    const before = await numbering();
    const other = await test.openAgain();
    const uploads = [
      { archive, uploadId: await openUploadFor(archive, actor, backup) },
      { archive: other.archive, uploadId: await openUploadFor(archive, actor, backup) },
    ];

    await Promise.all(
      uploads.map(async (upload) => sendChunks(upload.archive, actor, { ...upload, backup })),
    );
    const results = await Promise.all(
      uploads.map(async (upload) =>
        commitBackup(upload.archive.commitUpload, actor, { ...upload, backup }),
      ),
    );

    expect(results.map(({ status }) => status)).toEqual(['committed', 'committed']);
    const after = await numbering();
    expect(after.numbers).toBe(after.chunks);
    expect(after.next - before.next).toBe(after.chunks - before.chunks);
    expect(await archive.scrubVault.execute(actor.householdId)).toMatchObject({
      findings: expect.anything(),
    });
    await other.close();
  });
});
