import { join } from 'node:path';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { HouseholdSpaces } from '@rootcellar/archive';
import { PgSpaceCatalog } from '@rootcellar/catalog';
import type { RootId, SnapshotId } from '@rootcellar/model';
import { openFsObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { decodePackEntries } from '@rootcellar/vault';
import { createDice } from '../bench/corpus/dice.js';
import { noise } from '../journeys/sample-content.js';
import { commitBackup, sendBackup, smallBackup } from './sent-backup.js';
import { openTestArchive } from './test-archive.js';
import type { TestArchive } from './test-archive.js';

jest.setTimeout(120_000);

const SEED = 20261125;
const ROUNDS = 12;

let test: TestArchive;
let objects: DeletableObjectStore;
beforeAll(async () => {
  test = await openTestArchive({
    objectsIn: async (room) => {
      objects = await openFsObjectStore(join(room, 'objects'));
      return objects;
    },
  });
});
afterAll(async () => test[Symbol.asyncDispose]());

/** Chunk bytes of every pack on the disk, by the packs' own indexes. */
async function payloadOnDisk(): Promise<number> {
  const { archive, actor, database } = test;
  const vault = await archive.vaults.open(actor.householdId);
  const packs = await database.query<{ id: never; type: 1 | 2; sha256: Buffer }[]>(
    `select id, type, sha256 from pack where household_id = $1 and sha256 is not null`,
    [actor.householdId],
  );
  let bytes = 0;
  let found = 0;
  for await (const { key, size } of objects.list(`households/${actor.householdId}/packs/`)) {
    const pack = packs.find(({ id }) => key.endsWith(id));
    if (pack === undefined) throw new Error('an object without a pack');
    const { entries } = await vault.verifyPack({ ...pack, size });
    bytes += decodePackEntries(entries).reduce((sum, { sealedLength }) => sum + sealedLength, 0);
    found += 1;
  }
  expect(found).toBeGreaterThan(0);
  return bytes;
}

async function push(day: number, photos: readonly number[]): Promise<SnapshotId> {
  const udid = String(day % 2).padStart(40, '0');
  const files = photos.map((n) => ({
    ...{ domain: 'CameraRollDomain', path: `Media/${n}.jpg` },
    content: noise(`photo ${n}`, 2000 + 311 * n),
  }));
  const backup = await smallBackup(join(test.server.room, `day ${day}`), { udid, files });
  const uploadId = await sendBackup(test.archive, test.actor, backup);
  const result = await commitBackup(test.archive.commitUpload, test.actor, { uploadId, backup });
  if (result.status !== 'committed') throw new Error(result.status);
  return result.snapshotId;
}

async function collect(): Promise<void> {
  const options = { graceSeconds: 0, repackBelow: 1 };
  await test.archive.collectGarbage.execute(test.actor.householdId, options);
}

it(`what a plan says it frees is what is gone from the disk, to the byte (seed ${SEED})`, async () => {
  const { archive, actor } = test;
  const dice = createDice('freed bytes', SEED);
  const wrong: unknown[] = [];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (let n = 0; n < 3; n += 1)
      await push(round * 3 + n, dice.sample([1, 2, 3, 4, 5, 6, 7, 8, 9], dice.int(1, 5)));
    await collect();
    const before = await payloadOnDisk();
    await archive.retention.set(actor, { snapshots: { last: dice.int(1, 4) }, binDays: 0 });
    const plan = await archive.retention.preview(actor);
    const ids = plan.items.filter(({ keep }) => !keep).map(({ id }): RootId => id);
    const asked = await archive.storage.frees(actor, ids);

    await archive.retention.apply(actor, plan.id, ['Test']);
    await collect();

    const gone = before - (await payloadOnDisk());
    if (gone !== plan.freedBytes || asked !== gone)
      wrong.push({ round, gone, asked, plan: plan.freedBytes });
    expect(await archive.scrubVault.execute(actor.householdId)).toMatchObject({ clean: true });
  }

  expect(wrong).toEqual([]);
});

it('what a root needs is noted once it was weighed, and is what it weighs', async () => {
  await test.archive.storage.execute(test.actor);

  const spaces = new HouseholdSpaces(new PgSpaceCatalog(test.database));
  const { inventory, weights, setOf } = await spaces.open(test.actor.householdId);

  expect(inventory.roots.length).toBeGreaterThan(0);
  expect(inventory.roots.map(({ neededBytes }) => neededBytes)).toEqual(
    inventory.roots.map((root) => weights.bytesOf(setOf(root))),
  );
});
