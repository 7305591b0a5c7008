import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Actor } from '@rootcellar/archive';
import type { Database } from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { DeviceId, HouseholdId, MemberId } from '@rootcellar/model';
import { createMemoryObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { openArchive } from '@rootcellar/platform';
import type { OpenArchive } from '@rootcellar/platform';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

/** Every use case on a real PostgreSQL, objects in memory, one household with one member. */
export interface TestArchive extends OpenArchive, AsyncDisposable {
  readonly server: TestServer;
  readonly objects: DeletableObjectStore;
  readonly actor: Actor;
  /** The same database and objects, opened once more, as another process would. */
  readonly openAgain: () => Promise<OpenArchive>;
}

const MASTER_KEY = randomBytes(32);
const SETUP_TOKEN = 'a set-up token';

export const ADA = {
  ...{ setupToken: SETUP_TOKEN, householdName: 'Test', timeZone: 'Europe/Berlin' },
  ...{ name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' },
  computerName: 'a computer',
} as const;

export async function openTestArchive(): Promise<TestArchive> {
  const server = await startTestServer();
  const objects = createMemoryObjectStore();
  const openAgain = async (): Promise<OpenArchive> => openOn(server, objects);
  const opened = await openAgain();
  const { householdId, memberId, token } = await opened.archive.setUpHousehold.execute(ADA);
  const actor = await opened.archive.signIn.authenticate?.(token);
  return {
    ...opened,
    ...{ server, objects, openAgain, actor: actor ?? actorOf(householdId, memberId) },
    [Symbol.asyncDispose]: async () => {
      await opened.close();
      await server[Symbol.asyncDispose]();
    },
  };
}
