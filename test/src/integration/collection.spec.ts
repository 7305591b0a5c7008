import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { CollectionReport } from '@rootcellar/archive';
import { PgCollectionCatalog } from '@rootcellar/catalog';
import { ArchiveError, systemClock } from '@rootcellar/model';
import { createMemoryObjectStore, objectKey } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import type { SnapshotId } from '@rootcellar/model';
import { noise } from '../journeys/sample-content.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
/** Packs that the object store does not let go. */
const locked = new Set<string>();
beforeAll(async () => {
  test = await openTestArchive({ objectsIn: () => Promise.resolve(lockable()) });
});
afterAll(async () => test[Symbol.asyncDispose]());

/** Of a phone of its own, each time. */
let udid: string;
let phones = 0;
beforeEach(() => {
  phones += 1;
  udid = String(phones).padStart(40, '0');
});

function lockable(): DeletableObjectStore {
  const store = createMemoryObjectStore();
  return {
    ...store,
    remove: async (keys) => {
      if (keys.some((key) => [...locked].some((id) => key.endsWith(id))))
        throw new ArchiveError('OBJECT_LOCKED', 'The object is locked.');
      return store.remove(keys);
    },
  };
}

/** Pushes a backup with these photos. */
async function push(...photos: number[]): Promise<SnapshotId> {
  const files = photos.map((seed) => ({
    ...{
      domain: 'CameraRollDomain',
      path: `Media/${seed}.jpg`,
      content: noise(`photo ${phones} ${seed}`, 40_000),
    },
  }));
  const folder = join(test.server.room, `${udid}-${photos.join('-')}`);
  const backup = await smallBackup(folder, { udid, files });
  const uploadId = await sendBackup(test.archive, test.actor, backup);
  const result = await commitBackup(test.archive.commitUpload, test.actor, { uploadId, backup });
  if (result.status !== 'committed') throw new Error(`not committed: ${result.status}`);
  return result.snapshotId;
}

async function forget(id: SnapshotId): Promise<number> {
  const { freedBytes } = await test.archive.bin.forget(test.actor, 'snapshot', id, ['Test']);
  return freedBytes;
}

async function endUndo(): Promise<void> {
  await test.archive.bin.empty(test.actor, ['Test']);
}

async function collect(repackBelow = 1): Promise<CollectionReport> {
  return test.archive.collectGarbage.execute(test.actor.householdId, {
    graceSeconds: 0,
    repackBelow,
  });
}

/** Sealed bytes of all chunks in packs that are there. */
async function payload(): Promise<number> {
  const { packs } = await test.archive.storage.execute(test.actor);
  return packs?.payloadBytes ?? NaN;
}

async function objectBytes(): Promise<number> {
  let bytes = 0;
  for await (const { size, key } of test.objects.list(
    `households/${test.actor.householdId}/packs/`,
  ))
    if (key !== '') bytes += size;
  return bytes;
}

async function expectClean(): Promise<void> {
  const report = await test.archive.scrubVault.execute(test.actor.householdId);
  expect(report).toMatchObject({ clean: true, findings: [] });
}

it('an upload is under way while its sender sends', async () => {
  const { database } = test;
  const collection = new PgCollectionCatalog(database, systemClock);
  const folder = join(test.server.room, 'under way');
  const backup = await smallBackup(folder, { udid, files: [] });

  const before = await collection.uploadsUnderway(60);
  const uploadId = await sendBackup(test.archive, test.actor, backup);
  const sending = await collection.uploadsUnderway(60);
  await database.query(`update upload set heartbeat_at = now() - interval '61 s' where id = $1`, [
    uploadId,
  ]);
  const silent = await collection.uploadsUnderway(60);
  await test.archive.abandonUpload.execute(test.actor, uploadId);

  expect([before, sending, silent]).toEqual([false, true, false]);
});

describe('collection', () => {
  it('gives back exactly what forgetting said, and keeps what others need', async () => {
    const first = await push(1, 2, 3);
    const second = await push(3, 4);
    await collect();
    const before = await payload();

    const promised = await forget(first);
    await endUndo();
    const report = await collect();

    expect(promised).toBeGreaterThan(60_000);
    expect(report.removed).toBe(1);
    expect(before - (await payload())).toBe(promised);
    await expectClean();
    expect(await test.archive.storage.execute(test.actor)).toMatchObject({
      packs: { collectableBytes: 0, condemnedBytes: 0 },
    });
    await forget(second);
  });

  it('removes nothing that is in the bin, and undo brings it back whole', async () => {
    const id = await push(1, 2);
    await forget(id);

    const report = await collect();

    expect(report.removed).toBe(0);
    await test.archive.bin.undo(test.actor, 'snapshot', id);
    await expectClean();
    const { items } = await test.archive.browseSnapshot.list(test.actor, id, {
      ...{ domain: 'CameraRollDomain', path: undefined, cursor: undefined, limit: 10 },
    });
    expect(items.filter(({ type }) => type === 'file')).toHaveLength(2);
  });

  it('counts the bin, and says what is collectable', async () => {
    await collect();
    const id = await push(1, 2);
    const freed = await forget(id);
    const inBin = await test.archive.storage.execute(test.actor);
    await endUndo();
    await test.archive.bin.list(test.actor);
    await collect(0);
    const left = await test.archive.storage.execute(test.actor);

    expect(inBin.binBytes).toBeGreaterThanOrEqual(freed);
    expect(left.binBytes).toBe(0);
    expect(left.packs?.payloadBytes).toBe(left.neededBytes + (left.packs?.collectableBytes ?? NaN));
  });

  it('waits for the grace before it deletes, and a push takes the pack back meanwhile', async () => {
    const id = await push(5, 6);
    await collect();
    await forget(id);
    await endUndo();
    const { householdId } = test.actor;
    const condemned = await test.archive.collectGarbage.execute(householdId, {
      ...{ graceSeconds: 3600, repackBelow: 0 },
    });
    const bytes = await objectBytes();

    const again = await push(5, 6);
    const report = await collect();

    expect(condemned.condemnedPacks).toBeGreaterThan(0);
    expect(condemned.deletedPacks).toBe(0);
    expect(await objectBytes()).toBeLessThanOrEqual(bytes * 2);
    expect(report.skippedPacks).toBe(0);
    await expectClean();
    await forget(again);
  });

  it('leaves what the store has locked, and takes it when the lock is over', async () => {
    const id = await push(11, 12);
    await collect();
    await forget(id);
    await endUndo();
    const { householdId } = test.actor;
    const [pack] = await test.database.query<{ id: string }[]>(
      `select id from pack where household_id = $1 and state = 'live' and id in
        (select pack_id from chunk where household_id = $1) order by id desc limit 1`,
      [householdId],
    );
    locked.add(pack?.id ?? '');

    const refused = await collect();
    locked.clear();
    const later = await collect();

    expect(refused.lockedPacks).toBe(1);
    expect(later).toMatchObject({ lockedPacks: 0, deletedPacks: 1 });
    await expectClean();
  });

  it('goes on where a crash left it: an object gone before its row, a pack never finished', async () => {
    const id = await push(7, 8);
    await collect();
    await forget(id);
    await endUndo();
    const { householdId } = test.actor;
    await test.archive.collectGarbage.execute(householdId, { graceSeconds: 3600, repackBelow: 0 });
    await test.database.query(
      `update pack set state = 'deleting' where state = 'condemned' and household_id = $1`,
      [householdId],
    );
    const [pack] = await test.database.query<{ id: string }[]>(
      `select id from pack where state = 'deleting' and household_id = $1`,
      [householdId],
    );
    const key = `households/${householdId}/packs/${pack?.id.slice(-2)}/${pack?.id}`;
    await test.objects.remove([objectKey(key)]);

    const report = await collect();

    expect(report.deletedPacks).toBeGreaterThan(0);
    await expectClean();
    const rows = await test.database.query<unknown[]>(
      `select from chunk join pack on pack.id = pack_id where pack.state in ('deleting', 'deleted') and chunk.household_id = $1`,
      [householdId],
    );
    expect(rows).toEqual([]);
  });

  it('lets an object that no pack is of lie for two days, then removes it', async () => {
    const { householdId } = test.actor;
    const stranger = objectKey(
      `households/${householdId}/packs/ab/01234567-89ab-7def-8123-4567890123ab`,
    );
    await test.objects.put(stranger, [Buffer.from('left by a crash')]);

    const first = await collect();
    await test.database.query(
      `update orphan_object set first_seen_at = now() - interval '49 hours'`,
    );
    const second = await collect();

    expect([first.orphans, second.orphans]).toEqual([0, 1]);
    expect(await test.objects.stat(stranger)).toBeUndefined();
  });

  it('leaves very many unknown objects alone: the catalog may be an old copy', async () => {
    const { householdId } = test.actor;
    for (let at = 0; at < 60; at += 1) {
      const id = `01234567-89ab-7def-8123-0000000000${String(at).padStart(2, '0')}`;
      await test.objects.put(objectKey(`households/${householdId}/packs/${id.slice(-2)}/${id}`), [
        Buffer.from('of a later catalog'),
      ]);
    }
    await collect();
    await test.database.query(
      `update orphan_object set first_seen_at = now() - interval '49 hours'`,
    );

    const report = await collect();

    expect(report).toMatchObject({ orphans: 0, orphansLeft: 60 });
  });

  it('holds the bin while an alert is on', async () => {
    const id = await push(9);
    await forget(id);
    await endUndo();
    await test.database.query(
      `insert into upkeep (household_id, alert, alert_at) values ($1, 'the clock jumped', now())
        on conflict (household_id) do update set alert = excluded.alert`,
      [test.actor.householdId],
    );

    const held = await collect();
    await test.database.query('update upkeep set alert = null');
    const after = await collect();

    expect(held).toMatchObject({ binHeld: true, removed: 0 });
    expect(after).toMatchObject({ binHeld: false, removed: 1 });
  });

  it('is told in the audit trail', async () => {
    const lines = await test.database.query<{ action: string }[]>(
      'select distinct action from audit where household_id = $1',
      [test.actor.householdId],
    );

    const actions = lines.map(({ action }) => action);
    for (const action of ['forgotten', 'undone', 'removed', 'collected', 'bin-emptied'])
      expect(actions).toContain(action);
  });
});
