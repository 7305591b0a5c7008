import { PgRootCatalog, PgUploadCatalog } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { ChunkId, PackId, RootId, SnapshotId, UploadId } from '@rootcellar/model';
import type { Owner } from '../household/fill-household.js';
import { timed } from './timed.js';
import type { Timed } from './timed.js';

/** What a snapshot needs: a backup of 30 GB has about a thousand packs. */
const PACKS_A_ROOT = 1000;
const NOTHING = '0'.repeat(64) as ChunkId;
const UDID = '0'.repeat(40);

/** An upload nobody sends anything to. */
export async function openUpload(
  database: Database,
  { householdId, memberId }: Owner,
): Promise<UploadId> {
  const id = newId<UploadId>(systemClock);
  const declared = { kind: 'snapshot', udid: UDID, deviceName: 'Phone' } as const;
  await new PgUploadCatalog(database).open({ id, householdId, memberId, declared });
  return id;
}

/** Commits snapshots that need as many packs, the new ones among them. Their chunks are not counted before: that is have/lack. */
export async function commitRoots(
  database: Database,
  owner: Owner,
  { count, newPacks }: { readonly count: number; readonly newPacks: number },
): Promise<Timed> {
  const roots = new PgRootCatalog(database, systemClock);
  // Those the upload brought, and for the rest the oldest: the newest of the others nobody needs.
  const packs = await database.query<{ id: PackId; epoch: number }[]>(
    `(select id, epoch from pack where household_id = $1 and state = 'live' order by id desc limit $2)
      union (select id, epoch from pack where household_id = $1 and state = 'live' order by id limit ${PACKS_A_ROOT} - $2)`,
    [owner.householdId, newPacks],
  );
  const [set] = await database.query<{ chunkSet: Buffer }[]>(
    'select chunk_set as "chunkSet" from root where household_id = $1 order by id limit 1',
    [owner.householdId],
  );
  const needs = {
    chunkSet: set?.chunkSet ?? Buffer.of(),
    ...{ chunks: 0, packs: new Map(packs.map(({ id, epoch }) => [id, epoch])) },
  };
  const uploads = [];
  for (let at = 0; at < count; at += 1) uploads.push(await openUpload(database, owner));
  return timed(uploads, 1, async (uploadId) => {
    const id = newId<RootId>(systemClock);
    await roots.commitSnapshot(
      {
        ...{ id, uploadId, ...owner, needs, manifest: NOTHING, tree: NOTHING },
        ...{ entries: 0, bytes: 0, newBytes: 0, storedBytes: 0 },
      },
      {
        id: id as string as SnapshotId,
        deviceOwner: owner.memberId,
        device: { udid: UDID, name: 'Phone', productType: undefined, productVersion: undefined },
        ...{ takenAt: undefined, files: 0, encrypted: true, complete: true, installed: [] },
        ...{ missingFiles: 0, damagedFiles: 0, buildVersion: undefined },
      },
    );
  });
}
