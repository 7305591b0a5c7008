import type { HttpRequest } from '../http.js';
import { jsonRequest } from '../http.js';
import { UNKNOWN } from './things.js';
import type { Marker, ObjectKind, Person, Relation } from './things.js';
import type { World } from './world.js';

/** `reached`: the route is theirs to call, whatever it answers to what the test sends. */
export type Expected = number | 'reached';
export type ByRole = Readonly<Record<'admin' | 'member' | 'limited', Expected>> & {
  /** Of the other household; as its administrator without it. */
  readonly eve?: Expected;
};

/**
 * What a route answers whom. To add a route, add a row of one of these kinds to `ROWS` in rows.ts:
 *
 * - `open()`: everybody may call it without a sign-in; another spec tests what it does.
 * - `elsewhere(spec)`: it acts on the caller's own sign-in or account only, and that spec tests it.
 * - `byRole(expected, more?)`: it is about the caller's household; what each role is answered.
 * - `on(kind, expected, more?)`: an object is named in its path; what is answered by how the object stands to who asks.
 *
 * Every answer is searched for names, ids and sizes that who asked must not see. `lets` says what an administrator may see of others there.
 */
export type Row =
  | { readonly kind: 'open' }
  | { readonly kind: 'elsewhere'; readonly spec: string }
  | ({ readonly kind: 'by-role'; readonly expected: ByRole } & More)
  | ({
      readonly kind: 'on';
      readonly object: ObjectKind;
      readonly expected: Partial<Record<Relation, Expected | ByRole>>;
    } & More);

type MakeBody = (world: World, person: Person) => object;

export interface More {
  readonly body?: Readonly<Record<string, unknown>> | MakeBody;
  readonly query?: string;
  readonly bytes?: Uint8Array;
  /** What of others' an administrator may see in the answer: policy effects and health. */
  readonly lets?: readonly Marker['kind'][];
  /** Reaches for the household's key, which in this world Eve's has none of. */
  readonly vault?: true;
  /** The answer does not end by itself. */
  readonly endless?: true;
}

export const open = (): Row => ({ kind: 'open' });
export const elsewhere = (spec: string): Row => ({ kind: 'elsewhere', spec });
export const byRole = (expected: ByRole | Expected, more: More = {}): Row => ({
  kind: 'by-role',
  expected: typeof expected === 'object' ? expected : all(expected),
  ...more,
});
export const on = (
  object: ObjectKind,
  expected: Partial<Record<Relation, Expected | ByRole>>,
  more: More = {},
): Row => ({ kind: 'on', object, expected, ...more });

export const all = (expected: Expected): ByRole => ({
  admin: expected,
  member: expected,
  limited: expected,
});
export const adminOnly = (expected: Expected): ByRole => ({
  admin: expected,
  member: 403,
  limited: 403,
});
/** Ada set the service up. */
export const operatorOnly = (expected: Expected): ByRole => ({ ...adminOnly(expected), eve: 403 });
export const notLimited = (expected: Expected): ByRole => ({
  admin: expected,
  member: expected,
  limited: 403,
});

/** The request of a row. @param id of what its path names */
export function requestOf(
  route: string,
  row: Row,
  {
    world,
    person,
    id = UNKNOWN,
  }: { readonly world: World; readonly person: Person; readonly id?: string | undefined },
): HttpRequest {
  const [method = '', template = ''] = route.split(' ');
  const more: More = row.kind === 'by-role' || row.kind === 'on' ? row : {};
  const path = `${template.replaceAll(/\{\w+\}/g, id)}${more.query ?? ''}`;
  if (more.bytes !== undefined) {
    const headers = { 'content-length': String(more.bytes.length) };
    return { method, path, headers, body: more.bytes };
  }
  const body: object | undefined =
    typeof more.body === 'function' ? more.body(world, person) : more.body;
  return body === undefined ? { method, path } : jsonRequest(path, body, method);
}
