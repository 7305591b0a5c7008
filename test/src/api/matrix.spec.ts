import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from './http.js';
import { httpOf } from './http.js';
import { requestOf } from './matrix/row.js';
import type { ByRole, Expected, Row } from './matrix/row.js';
import { ROWS } from './matrix/rows.js';
import { PEOPLE, RELATIONS, ROLES } from './matrix/things.js';
import type { Marker, Person } from './matrix/things.js';
import { openWorld } from './matrix/world.js';
import type { World } from './matrix/world.js';

let world: World;
/** `GET /api/v1/me`, …: every route of the OpenAPI document. */
let routes: readonly string[];
beforeAll(async () => {
  world = await openWorld();
  const { paths } = await httpOf(world.household.service.url).json<{
    paths: Record<string, object>;
  }>({ path: '/api/openapi.json' });
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
}, 60_000);
afterAll(async () => world.close());

const HOUSE: readonly Person[] = ['ada', 'bob', 'kim'];

function expectedFor(expected: Expected | ByRole, person: Person): Expected {
  if (typeof expected !== 'object') return expected;
  return (person === 'eve' ? expected.eve : undefined) ?? expected[ROLES[person]];
}

function fits(status: number, expected: Expected): boolean {
  if (expected !== 'reached') return status === expected;
  return ![401, 403, 404].includes(status) && status < 500;
}

/** Whatever of an answer tells something: its status is compared apart. */
function wordsOf({ headers, body }: HttpAnswer): string {
  return `${JSON.stringify(headers)}\n${body.toString('latin1')}`;
}

/** What the answer tells that this person must not hear; what they named themselves is no news. */
function leaksIn(
  answer: HttpAnswer,
  person: Person,
  { lets = [], asked }: { readonly lets?: readonly Marker['kind'][]; readonly asked: string },
): string[] {
  const words = wordsOf(answer);
  const house = HOUSE.includes(person);
  return world.markers
    .filter(({ seenBy }) => !seenBy.includes(person))
    .filter(({ kind, seenBy }) => {
      const ofTheHouse = seenBy.some((one) => HOUSE.includes(one)) && house;
      return !(ofTheHouse && ROLES[person] === 'admin' && lets.includes(kind));
    })
    .filter(({ text }) => !asked.includes(text) && words.includes(text))
    .map(({ kind, text }) => `${kind} ${text}`);
}

async function ask(route: string, row: Row, person: Person, id?: string): Promise<HttpAnswer> {
  const request = requestOf(route, row, { world, person, id });
  if (row.kind !== 'by-role' || row.endless !== true) return world.as[person].send(request);
  const asked = world.as[person].begin(request);
  const answered = once(asked, 'response') as Promise<[IncomingMessage]>;
  asked.end();
  const [answer] = await answered;
  const [first] = (await once(answer, 'data')) as [Buffer];
  answer.on('error', () => undefined);
  asked.on('error', () => undefined).destroy();
  return { status: answer.statusCode ?? 0, headers: answer.headers, body: first };
}

/** Everything a row says, asked of the service. @returns what is otherwise */
async function wrongWith(route: string, row: Row): Promise<string[]> {
  const wrong: string[] = [];
  if (row.kind !== 'by-role' && row.kind !== 'on') return wrong;
  const look = async (person: Person, expected: Expected, of: string, id?: string) => {
    const answer = await ask(route, row, person, id);
    const said = answer.body.toString().slice(0, 300);
    if (!fits(answer.status, expected))
      wrong.push(`${person}, ${of}: ${String(answer.status)}, not ${String(expected)}: ${said}`);
    const { lets } = row;
    const asked = JSON.stringify(requestOf(route, row, { world, person, id }));
    for (const leak of leaksIn(answer, person, { ...(lets === undefined ? {} : { lets }), asked }))
      wrong.push(`${person}, ${of}: hears of ${leak}`);
  };
  if (row.kind === 'by-role') {
    for (const person of row.vault === true ? HOUSE : PEOPLE)
      await look(person, expectedFor(row.expected, person), 'own household');
    return wrong;
  }
  for (const person of PEOPLE) {
    for (const relation of RELATIONS) {
      const expected = row.expected[relation];
      const id = world.object(row.object, person, relation);
      if (expected === undefined || id === undefined) continue;
      // Eve's own bytes are not in this vault, only rows of them.
      if (person === 'eve' && relation === 'own') continue;
      await look(person, expectedFor(expected, person), relation, id);
    }
  }
  return wrong;
}

describe('the matrix', () => {
  it('has a row for every route', () => {
    const missing = routes.filter((route) => ROWS[route] === undefined);

    const how = missing.map((route) => `add '${route}' to ROWS in test/src/api/matrix/rows.ts`);
    expect(how).toEqual([]);
    expect(routes.length).toBeGreaterThan(40);
  });

  it('has none for a route that is not there', () => {
    expect(Object.keys(ROWS).filter((route) => !routes.includes(route))).toEqual([]);
  });

  it.each(Object.entries(ROWS))(
    '%s answers each role as it should, and tells nobody of what is not theirs',
    async (route, row) => {
      expect(await wrongWith(route, row)).toEqual([]);
    },
  );

  it.each(['member', 'device', 'app', 'version', 'snapshot', 'artifact'])(
    'sizes by %s tell of others what an administrator may know, and members nothing',
    async (by) => {
      const lets: Marker['kind'][] = ['member', 'device'].includes(by) ? ['device', 'size'] : [];
      const found: string[] = [];
      for (const person of PEOPLE) {
        const path = `/api/v1/storage/groups?by=${by}`;
        const answer = await world.as[person].send({ path });
        expect(answer.status).toBe(200);
        found.push(
          ...leaksIn(answer, person, { lets, asked: '' }).map((leak) => `${person}: ${leak}`),
        );
      }
      expect(found).toEqual([]);
    },
  );

  it('can tell when something leaks', async () => {
    const answer = await world.as.bob.send({ path: '/api/v1/snapshots' });

    expect(leaksIn(answer, 'bob', { asked: '' })).toEqual([]);
    expect(leaksIn(answer, 'kim', { asked: '' })).not.toEqual([]);
    expect(leaksIn(answer, 'eve', { asked: '' })).not.toEqual([]);
  });
});

const SAMPLES = 40;
const ASKED_FOR_A_CHUNK = {
  method: 'POST',
  headers: { 'content-length': '32' },
  body: Buffer.alloc(32),
};
const NOISE_MS = 4;
const ROUNDS = 5;

describe('the time an answer takes', () => {
  it.each([
    ['snapshot', '/api/v1/snapshots/{id}'],
    ['snapshot', '/api/v1/snapshots/{id}/stream'],
    ['snapshot', '/api/v1/snapshots/{id}/files'],
    ['artifact', '/api/v1/artifacts/{id}/content'],
    ['device', '/api/v1/devices/{id}'],
    ['upload', '/api/v1/uploads/{id}/have'],
  ] as const)('tells nothing of another’s %s at %s', async (kind, template) => {
    // What is there to be told is told every time; a busy machine is slow now here, now there.
    let farthest = Infinity;
    for (let round = 0; round < ROUNDS && farthest >= NOISE_MS; round += 1)
      farthest = Math.min(farthest, await farthestFromUnknown(kind, template));

    expect(farthest).toBeLessThan(NOISE_MS);
  });
});

/** How far the medians of what is another's are from what is nowhere; samples are taken in turns. */
async function farthestFromUnknown(
  kind: 'snapshot' | 'artifact' | 'device' | 'upload',
  template: string,
): Promise<number> {
  const took: Record<'other' | 'foreign' | 'unknown', number[]> = {
    other: [],
    foreign: [],
    unknown: [],
  };
  for (let at = 0; at < SAMPLES; at += 1) {
    for (const relation of ['other', 'foreign', 'unknown'] as const) {
      const path = template.replace('{id}', world.object(kind, 'ada', relation) ?? '');
      const more = kind === 'upload' ? ASKED_FOR_A_CHUNK : {};
      const begun = performance.now();
      const { status } = await world.as.ada.send({ path, ...more });
      took[relation].push(performance.now() - begun);
      expect(status).toBe(404);
    }
  }
  const far = (of: readonly number[]): number => Math.abs(median(of) - median(took.unknown));
  return Math.max(far(took.other), far(took.foreign));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
