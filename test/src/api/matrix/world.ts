import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openDatabase } from '@rootcellar/catalog';
import type { Database } from '@rootcellar/catalog';
import { buildBackup, buildPackage } from '@rootcellar/ios/testing';
import { ADMINISTRATOR, PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { httpOf, jsonRequest } from '../http.js';
import type { Http } from '../http.js';
import { connectionOf } from '../second-member.js';
import { Rows } from './rows-by-sql.js';
import { APP, PEOPLE, UNKNOWN } from './things.js';
import type { Marker, ObjectKind, Person, Relation } from './things.js';

export interface World {
  readonly household: Household;
  readonly database: Database;
  readonly as: Readonly<Record<Person, Http>>;
  readonly members: Readonly<Record<Person, string>>;
  readonly markers: readonly Marker[];
  /** What a route is asked about; undefined when there is no such thing for this person. */
  object(kind: ObjectKind, person: Person, relation: Relation): string | undefined;
  close(): Promise<void>;
}

export async function openWorld(): Promise<World> {
  await using opening = new AsyncDisposableStack();
  const household = await openHousehold();
  opening.defer(async () => household.close());
  const kept = await keepSomething(household);
  const database = await openDatabase({
    ...(await connectionOf(household.service.data)),
    poolSize: 2,
  });
  opening.defer(async () => database.destroy());
  const rows = new Rows(database, kept);
  const members = await rows.people();
  const things = await rows.things(members);
  const as = {} as Record<Person, Http>;
  for (const person of PEOPLE) as[person] = await signedIn(household, person);
  const opened = opening.move();
  return {
    ...{ household, database, as, members, markers: rows.markers },
    object: (kind, person, relation) =>
      relation === 'unknown'
        ? kind === 'app'
          ? 'com.example.unknown'
          : UNKNOWN
        : things.get(`${kind} ${person} ${relation}`),
    close: async () => opened.disposeAsync(),
  };
}

/** A backup and a package with real bytes, Ada's: what others have are more rows of the same chunks. */
async function keepSomething(
  household: Household,
): Promise<{ readonly snapshotId: string; readonly artifactId: string }> {
  const { folder } = await buildBackup(household.room, {
    deviceName: 'Ada’s phone',
    apps: [{ bundleId: APP }, { bundleId: 'com.secret.installed' }],
    files: [
      { domain: `AppDomain-${APP}`, path: 'Documents/note.txt', content: 'a note' },
      { domain: `AppDomainGroup-group.${APP}`, path: 'group.txt', content: 'a note of the group' },
      { domain: 'AppDomain-com.secret.installed', path: 'secret-file.txt', content: 'a secret' },
      { domain: 'HomeDomain', path: 'Library/SMS/sms.db', content: 'messages' },
    ],
  });
  const { snapshotId } = await household.agent.ok('push', folder);
  const library = join(household.room, 'library');
  await mkdir(library);
  await writeFile(join(library, 'shared.ipa'), buildPackage({ bundleId: 'com.example.library' }));
  const { items } = await household.agent.ok('app', 'add', library);
  return { snapshotId, artifactId: items[0]?.artifactId ?? '' };
}

async function signedIn({ service }: Household, person: Person): Promise<Http> {
  const email = person === 'ada' ? ADMINISTRATOR.email : `${person}@example.org`;
  const { token } = await httpOf(service.url).json<{ token: string }>(
    jsonRequest('/api/v1/sessions', { email, password: PASSWORD }),
  );
  return httpOf(service.url, token);
}
