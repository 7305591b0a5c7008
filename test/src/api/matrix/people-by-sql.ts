import type { Database } from '@rootcellar/catalog';
import { digestOf, freshId } from './world.js';
import type { Marker, Person } from './world.js';

type Members = Readonly<Record<Person, string>>;
const HOUSE = ['ada', 'bob', 'kim'] as const;
const OTHER = { ada: 'bob', bob: 'ada', kim: 'bob' } as const;

export interface PeopleRows {
  /** As of the world: what, of whom, in what relation. */
  readonly things: ReadonlyMap<string, string>;
  readonly markers: readonly Marker[];
}

/** Invitations and tokens of both households, and how members stand to each other. */
export async function addPeople(database: Database, members: Members): Promise<PeopleRows> {
  const things = new Map<string, string>();
  const markers: Marker[] = [];
  const invitation = await addInvitation(database, members.ada);
  const foreign = await addInvitation(database, members.eve);
  markers.push(
    ...[invitation, `guest ${invitation}`].map((text) => mark(text, ['ada'])),
    ...[foreign, `guest ${foreign}`].map((text) => mark(text, ['eve'])),
  );
  const token = async (person: Person): Promise<string> => {
    const id = await addToken(database, members[person]);
    const seenBy = person === 'eve' ? (['eve'] as const) : (['ada', person] as const);
    markers.push(...[id, `token ${id}`].map((text) => mark(text, seenBy)));
    return id;
  };
  const eves = await token('eve');
  for (const person of HOUSE) {
    things.set(`invitation ${person} own`, invitation);
    things.set(`invitation ${person} foreign`, foreign);
    things.set(`member ${person} own`, members[person]);
    things.set(`member ${person} other`, members[OTHER[person]]);
    things.set(`member ${person} foreign`, members.eve);
    things.set(`token ${person} own`, await token(person));
    things.set(`token ${person} other`, await token(OTHER[person]));
    things.set(`token ${person} foreign`, eves);
  }
  things.set('invitation eve foreign', await addInvitation(database, members.ada));
  things.set('member eve foreign', members.bob);
  things.set('token eve foreign', await token('bob'));
  return { things, markers };
}

function mark(text: string, seenBy: readonly Person[]): Marker {
  return { text, kind: 'name', seenBy };
}

async function addInvitation(database: Database, by: string): Promise<string> {
  const id = freshId();
  await database.query(
    `insert into invitation (id, household_id, invited_by, member_id, role, name, token_hash, expires_at)
      select $1, household_id, account_id, id, 'member', $2, $3, now() + interval '1 day' from member where id = $4`,
    [id, `guest ${id}`, digestOf(id), by],
  );
  return id;
}

async function addToken(database: Database, of: string): Promise<string> {
  const id = freshId();
  await database.query(
    `insert into credential (id, account_id, member_id, kind, scope, name, token_hash, api_token)
      select $1, account_id, id, 'token', 'push', $2, $3, true from member where id = $4`,
    [id, `token ${id}`, digestOf(id), of],
  );
  return id;
}
