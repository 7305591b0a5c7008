import { randomBytes } from 'node:crypto';
import { actingAs } from '../acting-as.js';
import type { Actor as Person } from '@rootcellar/archive';
import { migrate } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { newId, systemClock } from '@rootcellar/model';
import type { HouseholdId, MemberId } from '@rootcellar/model';
import { createMemoryObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { FileScratch, composeArchive } from '@rootcellar/platform';
import type { Archive } from '@rootcellar/platform';
import { Crew } from '@rootcellar/vault';
import { join } from 'node:path';
import type { SmallBackup } from '../integration/sent-backup.js';
import { startTestServer } from '../integration/test-server.js';
import { databaseOf, storeOf } from './processes.js';
import type { Actor } from './stage.js';
import { makeUniverse } from './universe.js';

/** What all interleavings share: a real PostgreSQL, threads, backups to push. */
export interface World extends AsyncDisposable {
  readonly database: Database;
  readonly backups: readonly [SmallBackup, ...SmallBackup[]];
  /** A household with nothing in it, and a store of its own. */
  readonly newHousehold: () => Promise<Household>;
}

export interface Household {
  readonly id: HouseholdId;
  readonly person: Person;
  /** The use cases as a process has them that nobody kills. */
  readonly archive: Archive;
  /** The same as `actor`’s process has them. */
  readonly archiveOf: (actor: Actor) => Archive;
}

const MASTER_KEY = randomBytes(32);
const NAME = 'House';

export async function openWorld(): Promise<World> {
  await using opened = new AsyncDisposableStack();
  const server = opened.use(await startTestServer());
  const database = await server.open();
  opened.defer(async () => database.destroy());
  await migrate(database);
  const crew = new Crew(1);
  opened.defer(async () => crew.close());
  const scratch = await FileScratch.open(join(server.room, 'scratch'), systemClock);
  const backups = await makeUniverse(server.room);
  const compose = (database: Database, objects: DeletableObjectStore): Archive =>
    composeArchive({
      ...{ database, objects, scratch, crew, clock: systemClock, masterKey: MASTER_KEY },
      jobs: NO_JOBS,
      providers: { providers: [], groupRoles: [] },
      changes: { subscribe: () => ({ [Symbol.dispose]: () => undefined }) },
      setupToken: { read: () => Promise.resolve(undefined), spend: () => Promise.resolve() },
      upkeep: {
        window: { from: 0, to: 1 },
        graceSeconds: 0,
        patienceSeconds: 0,
        freeBytes: () => Promise.resolve(undefined),
      },
    });
  const closing = opened.move();
  return {
    ...{ database, backups },
    newHousehold: async () => {
      const objects = createMemoryObjectStore();
      const archive = compose(database, objects);
      const person = await settle(database, archive);
      return {
        ...{ id: person.householdId, person, archive },
        archiveOf: (actor) => compose(databaseOf(actor, database), storeOf(actor, objects)),
      };
    },
    [Symbol.asyncDispose]: async () => closing.disposeAsync(),
  };
}

async function settle(database: Database, archive: Archive): Promise<Person> {
  const [householdId, memberId] = [newId<HouseholdId>(systemClock), newId<MemberId>(systemClock)];
  const wrappedKey = await archive.vaults.create(householdId);
  await database.query(
    `insert into household (id, name, time_zone, wrapped_key) values ($1, $2, 'UTC', $3)`,
    [householdId, NAME, wrappedKey],
  );
  await database.query(
    `insert into member (id, household_id, name, email, password_hash, role) values ($1, $2, 'Ada', $1::uuid::text, '', 'admin')`,
    [memberId, householdId],
  );
  return actingAs({ memberId, householdId, role: 'admin' });
}

/** What confirms removals in every household. */
export const CONFIRMED = [NAME];

const NO_JOBS = new Proxy({} as Archive['jobs'], {
  get: () => () => {
    throw new Error('no job is asked for here');
  },
});
