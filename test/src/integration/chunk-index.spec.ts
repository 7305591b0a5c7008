import { afterAll, beforeAll } from '@jest/globals';
import { PgChunkIndex, PgUploadCatalog, migrate } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { HouseholdId, MemberId, PackId, UploadId } from '@rootcellar/model';
import { verifyChunkIndex } from '@rootcellar/vault/testing';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

let server: TestServer;
let database: Database;
beforeAll(async () => {
  server = await startTestServer();
  database = await server.open();
  await migrate(database);
});
afterAll(async () => {
  await database.destroy();
  await server[Symbol.asyncDispose]();
});

verifyChunkIndex('PgChunkIndex', async () => {
  const [householdId, memberId] = [newId<HouseholdId>(systemClock), newId<MemberId>(systemClock)];
  await database.query(
    `insert into household (id, name, time_zone, wrapped_key) values ($1, 'Test', 'UTC', '')`,
    [householdId],
  );
  await database.query(
    `insert into member (id, household_id, name, email, password_hash, role) values ($1, $2, 'Ada', $1::uuid::text, '', 'member')`,
    [memberId, householdId],
  );
  const uploads = new PgUploadCatalog(database);
  const declared = { kind: 'snapshot', udid: '0'.repeat(40), deviceName: 'a phone' } as const;
  const changeState = async (packId: PackId, state: string): Promise<void> => {
    await database.query('update pack set state = $2, epoch = epoch + 1 where id = $1', [
      packId,
      state,
    ]);
  };
  return {
    index: new PgChunkIndex(database, householdId),
    newHolder: async () => {
      const id = newId<UploadId>(systemClock);
      return (await uploads.open({ id, householdId, memberId, declared })).id;
    },
    endHolder: async (holder) => uploads.abandon(holder),
    pinnedBy: async (holder) => {
      const pins = await database.query<{ pack_id: PackId }[]>(
        'select pack_id from upload_pack where upload_id = $1',
        [holder],
      );
      return pins.map(({ pack_id: packId }) => packId);
    },
    condemn: async (packId) => changeState(packId, 'condemned'),
    remove: async (packId) => changeState(packId, 'deleted'),
    close: () => Promise.resolve(),
  };
});
