import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { authenticate, memberActing } from '@rootcellar/archive';
import type { Actor } from '@rootcellar/archive';
import { systemClock } from '@rootcellar/model';
import { createMemoryObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { openArchive } from '@rootcellar/platform';
import type { ArchiveSettings, OpenArchive } from '@rootcellar/platform';
import type { RedisServer } from '@rootcellar/testkit';
import { startTestServer } from './test-server.js';
import type { TestServer } from './test-server.js';

/** Every use case on a real PostgreSQL, objects in memory, one household with one member. */
export interface TestArchive extends OpenArchive, AsyncDisposable {
  readonly server: TestServer;
  readonly objects: DeletableObjectStore;
  readonly actor: Actor;
  /** The same database and objects once more, as another process would open them; the caller closes it. */
  readonly openAgain: () => Promise<OpenArchive>;
}

/** Another clock, other providers. */
export type MoreSettings = Partial<Pick<ArchiveSettings, 'clock' | 'providers'>>;

const MASTER_KEY = randomBytes(32);

export const SET_UP = {
  ...{ setupToken: 'a set-up token', householdName: 'Test', timeZone: 'Europe/Berlin' },
  ...{ name: 'Ada', email: 'ada@example.org', password: 'correct horse battery staple' },
  computerName: 'a computer',
} as const;

/**
 * @param options.objectsIn where objects are kept, given a folder; in memory without it
 * @param options.redis where the queue is kept; in PostgreSQL without it
 */
export async function openTestArchive(
  options: {
    readonly objectsIn?: (room: string) => Promise<DeletableObjectStore>;
    readonly redis?: RedisServer | undefined;
    readonly more?: MoreSettings;
  } = {},
): Promise<TestArchive> {
  const server = await startTestServer();
  const objects = (await options.objectsIn?.(server.room)) ?? createMemoryObjectStore();
  const openAgain = async (): Promise<OpenArchive> =>
    openOn(server, objects, options.redis, options.more);
  const opened = await openAgain();
  const { token } = await opened.archive.setUpHousehold.execute(SET_UP);
  const actor = memberActing(await authenticate(opened.archive.people, token));
  return {
    ...opened,
    ...{ server, objects, openAgain, actor },
    [Symbol.asyncDispose]: async () => {
      await opened.close();
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Opens the archive as the service does, but for its objects, which stay in memory. */
export async function openOn(
  server: TestServer,
  objects: DeletableObjectStore,
  redis?: RedisServer,
  more: MoreSettings = {},
): Promise<OpenArchive> {
  return openArchive({
    redis: redis && { url: redis.url, password: redis.password },
    ...{ database: server.connection, objects, masterKey: MASTER_KEY, clock: systemClock },
    scratchFolder: join(server.room, 'scratch'),
    setupToken: {
      read: () => Promise.resolve(SET_UP.setupToken),
      spend: () => Promise.resolve(),
    },
    threads: 1,
    upkeep: { patienceSeconds: 0 },
    ...more,
  });
}
