import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CollectGarbage, HouseholdSpaces } from '@rootcellar/archive';
import type { CollectionCatalog, CollectionReport } from '@rootcellar/archive';
import {
  PgBinCatalog,
  PgCollectionCatalog,
  PgRetentionCatalog,
  PgSpaceCatalog,
} from '@rootcellar/catalog';
import { systemClock } from '@rootcellar/model';
import type { SnapshotId } from '@rootcellar/model';
import { createMemoryObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { noise } from '../journeys/sample-content.js';
import { commitBackup, openUploadFor, sendBackup, sendChunks, smallBackup } from './sent-backup.js';
import type { SmallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

let test: TestArchive;
/** Happens once, before the next read from a pack. */
let beforeRead: (() => Promise<unknown>) | undefined;
beforeAll(async () => {
  test = await openTestArchive({ objectsIn: () => Promise.resolve(watchedStore()) });
});
afterAll(async () => test[Symbol.asyncDispose]());

function watchedStore(): DeletableObjectStore {
  const store = createMemoryObjectStore();
  return {
    ...store,
    readInto: async (...args) => {
      const happens = beforeRead;
      beforeRead = undefined;
      await happens?.();
      return store.readInto(...args);
    },
  };
}

let phones = 0;

/** Two backups of a new phone: the second has one photo of the first's two; and one that has the other photo again. */
async function history(): Promise<Record<'both' | 'one' | 'other', SmallBackup>> {
  phones += 1;
  const udid = String(phones).padStart(40, '0');
  const of = async (...photos: string[]): Promise<SmallBackup> =>
    smallBackup(join(test.server.room, `${udid}-${photos.join('')}`), {
      udid,
      files: photos.map((name) => ({
        ...{ domain: 'CameraRollDomain', path: `Media/${name}.jpg` },
        content: noise(`${udid} ${name}`, 40_000),
      })),
    });
  return { both: await of('a', 'b'), one: await of('a'), other: await of('b') };
}

async function push(backup: SmallBackup): Promise<SnapshotId> {
  return commit(await sendBackup(test.archive, test.actor, backup), backup);
}

async function commit(
  uploadId: Awaited<ReturnType<typeof sendBackup>>,
  backup: SmallBackup,
): Promise<SnapshotId> {
  const result = await commitBackup(test.archive.commitUpload, test.actor, { uploadId, backup });
  if (result.status !== 'committed') throw new Error(result.status);
  return result.snapshotId;
}

/** Asks for all chunks and sends what is lacking; commits nothing. */
async function holdAll(backup: SmallBackup): Promise<Awaited<ReturnType<typeof openUploadFor>>> {
  const uploadId = await openUploadFor(test.archive, test.actor, backup);
  const ids = backup.entries.flatMap(({ refs }) => refs.map(({ id }) => id)).join('');
  await test.archive.receiveChunks.have(test.actor, uploadId, Buffer.from(ids, 'hex'));
  await sendChunks(test.archive, test.actor, { uploadId, backup });
  return uploadId;
}

/** Collects everything it can, and lets something happen before one of its steps, the first time it comes there. */
async function collectWith(
  step: keyof CollectionCatalog,
  happens: () => Promise<unknown>,
): Promise<CollectionReport> {
  const { archive, database, actor } = test;
  const spaces = new HouseholdSpaces(new PgSpaceCatalog(database));
  let happened = false;
  const collection = new Proxy(new PgCollectionCatalog(database, systemClock), {
    get: (target, name) => {
      const member: unknown = Reflect.get(target, name, target);
      if (typeof member !== 'function') return member;
      return async (...args: unknown[]): Promise<unknown> => {
        if (name === step && !happened) {
          happened = true;
          await happens();
        }
        return (member as (...args: unknown[]) => unknown).apply(target, args);
      };
    },
  });
  const collect = new CollectGarbage({
    bin: new PgBinCatalog(database, systemClock),
    retention: new PgRetentionCatalog(database, systemClock),
    ...{ collection, spaces, vaults: archive.vaults, clock: systemClock },
    patienceSeconds: 0,
  });
  const report = await collect.execute(actor.householdId, { graceSeconds: 0, repackBelow: 1 });
  expect(happened).toBe(true);
  return report;
}

/** A snapshot of both photos goes for ever; one of a single photo keeps its pack sparse. */
async function sparse(backups: Awaited<ReturnType<typeof history>>): Promise<void> {
  const first = await push(backups.both);
  await push(backups.one);
  await test.archive.bin.forget(test.actor, 'snapshot', first, ['Test']);
  await test.archive.bin.empty(test.actor, ['Test']);
}

/** Whatever a root needs is there, and stays there when collection runs once more. */
async function isAllThere(): Promise<boolean> {
  const report = await test.archive.scrubVault.execute(test.actor.householdId);
  if (!report.clean) return false;
  const more = await test.archive.collectGarbage.execute(test.actor.householdId, {
    ...{ graceSeconds: 0, repackBelow: 1 },
  });
  const again = await test.archive.scrubVault.execute(test.actor.householdId);
  return more.skippedPacks === 0 && again.clean;
}

describe('while collection is at work', () => {
  it('a snapshot committed on a pack that was just copied keeps it', async () => {
    const backups = await history();
    await sparse(backups);

    const report = await collectWith('commitRepack', async () => {
      const uploadId = await holdAll(backups.other);
      await commit(uploadId, backups.other);
    });

    expect(report.skippedPacks).toBeGreaterThan(0);
    expect(await isAllThere()).toBe(true);
  });

  it('an upload that holds a pack that was just copied keeps it', async () => {
    const backups = await history();
    await sparse(backups);
    let uploadId: Awaited<ReturnType<typeof holdAll>> | undefined;

    const report = await collectWith('commitRepack', async () => {
      uploadId = await holdAll(backups.other);
    });
    if (uploadId === undefined) throw new Error('no upload');
    await commit(uploadId, backups.other);

    expect(report.skippedPacks).toBeGreaterThan(0);
    expect(await isAllThere()).toBe(true);
  });

  it.each(['condemn', 'takeCondemned', 'livePacks', 'chunksOf', 'beginRepack', 'rootsOf'] as const)(
    'a push before %s is whole',
    async (step) => {
      const backups = await history();
      await sparse(backups);

      await collectWith(step, async () => push(backups.other));

      expect(await isAllThere()).toBe(true);
    },
  );

  it('a chunk sent again while the rows of its pack are deleted is known afterwards', async () => {
    const backups = await history();
    const first = await push(backups.both);
    await test.archive.bin.forget(test.actor, 'snapshot', first, ['Test']);
    await test.archive.bin.empty(test.actor, ['Test']);

    await collectWith('noteDeleted', async () => push(backups.both));

    expect(await isAllThere()).toBe(true);
  });

  it('a restore finds chunks that were written anew between its looking up and its reading', async () => {
    const backups = await history();
    const first = await push(backups.both);
    const kept = await push(backups.one);
    await test.archive.bin.forget(test.actor, 'snapshot', first, ['Test']);
    await test.archive.bin.empty(test.actor, ['Test']);
    let repacked = 0;

    const { bytes } = await test.archive.streamSnapshot.execute(test.actor, kept, undefined);
    beforeRead = async () => {
      const { householdId } = test.actor;
      const options = { graceSeconds: 0, repackBelow: 1 };
      repacked = (await test.archive.collectGarbage.execute(householdId, options)).repackedPacks;
    };
    let length = 0;
    for await (const piece of bytes) length += piece.length;

    expect(repacked).toBeGreaterThan(0);
    expect(length).toBeGreaterThan(40_000);
  });

  it('what is forgotten and gone while a pack is copied is not brought back', async () => {
    const backups = await history();
    await sparse(backups);

    await collectWith('commitRepack', async () => {
      const { items } = await list();
      for (const { id } of items)
        await test.archive.bin.forget(test.actor, 'snapshot', id, ['Test']);
      await test.archive.bin.empty(test.actor, ['Test']);
      await new PgBinCatalog(test.database, systemClock).removeDue(test.actor.householdId, 1000);
    });

    expect(await isAllThere()).toBe(true);
    const { packs } = await test.archive.storage.execute(test.actor);
    expect(packs).toMatchObject({ payloadBytes: 0, collectableBytes: 0 });
  });
});

async function list(): Promise<{ items: { id: SnapshotId }[] }> {
  const items = await test.database.query<{ id: SnapshotId }[]>(
    `select id from root where household_id = $1 and forgotten_at is null`,
    [test.actor.householdId],
  );
  return { items };
}

describe('condemning and pinning the same packs at once', () => {
  it('never condemns what was said to be held', async () => {
    const { archive, actor, database } = test;
    const { householdId } = actor;
    const backups = await history();
    const collection = new PgCollectionCatalog(database, systemClock);
    const ids = backups.both.entries.flatMap(({ refs }) => refs.map(({ id }) => id));
    let [heldAll, condemnedAny] = [0, 0];
    for (let round = 0; round < 60; round += 1) {
      // Stored, needed by nobody, and held by nobody.
      const first = await sendBackup(archive, actor, backups.both);
      await archive.abandonUpload.execute(actor, first);
      const uploadId = await openUploadFor(archive, actor, backups.both);
      const vault = await archive.vaults.open(householdId);

      const [held, condemned] = await Promise.all([
        vault.pinHeld(ids, uploadId),
        collection.condemn(householdId, undefined, 50),
      ]);

      const bad = await database.query<unknown[]>(
        `select from upload_pack join pack on pack.id = pack_id where upload_pack.upload_id = $1 and state <> 'live'`,
        [uploadId],
      );
      expect(bad).toEqual([]);
      const again = await vault.pinHeld(ids, uploadId);
      expect(again.map((now, at) => now || held[at] !== true)).not.toContain(false);
      heldAll += held.every(Boolean) ? 1 : 0;
      condemnedAny += condemned.packs > 0 ? 1 : 0;
      await archive.abandonUpload.execute(actor, uploadId);
    }
    // Both must have won sometimes, or nothing was tried.
    expect(heldAll + condemnedAny).toBeGreaterThan(0);
  });
});
