import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { httpOf, jsonRequest, signedInHttp, verifyProblem } from './http.js';
import type { Http, HttpRequest } from './http.js';

type Scope = 'push' | 'restore' | 'admin';

interface Route {
  readonly method: string;
  readonly path: string;
  /** Undefined: open to all. */
  readonly scope: Scope | undefined;
}

let household: Household;
let signedIn: Http;
/** Every route of the OpenAPI document. */
let routes: readonly Route[];
beforeAll(async () => {
  household = await openHousehold();
  signedIn = await signedInHttp(household.service.url);
  const { paths } = await signedIn.json<{
    paths: Record<string, Record<string, Record<string, unknown>>>;
  }>({ path: '/api/openapi.json' });
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...{ method: method.toUpperCase(), path },
      // What says nothing needs the widest.
      scope:
        'x-open-to-all' in operation ? undefined : ((operation['x-scope'] ?? 'admin') as Scope),
    })),
  );
});
afterAll(async () => household.close());

const UNKNOWN = '0197a000-0000-7000-8000-000000000000';

async function tokenOf(scope: Scope): Promise<Http> {
  const { token } = await signedIn.json<{ token: string }>(
    jsonRequest('/api/v1/tokens', { name: `for ${scope}`, scope }),
  );
  return httpOf(household.service.url, token);
}

function requestOf({ method, path }: Route): HttpRequest {
  return { method, path: path.replaceAll(/\{\w+\}/g, UNKNOWN) };
}

function of(...scopes: readonly Scope[]): readonly Route[] {
  return routes.filter(({ scope }) => scope !== undefined && scopes.includes(scope));
}

describe('a stolen push token', () => {
  it('can neither read, restore, forget nor collect: whatever needs more than push is refused', async () => {
    const stolen = await tokenOf('push');
    const beyond = of('restore', 'admin');
    expect(beyond.length).toBeGreaterThan(40);

    for (const route of beyond)
      verifyProblem(await stolen.send(requestOf(route)), 403, 'SCOPE_TOO_NARROW');
  });

  it('reaches these routes and no others', () => {
    // Whoever adds one says here why a thief may call it.
    const reached = of('push').map(({ method, path }) => `${method} ${path}`);
    expect(reached.toSorted()).toEqual([
      // Ends itself, and what it adds.
      'DELETE /api/v1/sessions/current',
      'DELETE /api/v1/uploads/{id}',
      // Whose it is.
      'GET /api/v1/me',
      // Adds. What an upload made is not read by it, and an upload is seen by who opened it.
      'POST /api/v1/uploads',
      'POST /api/v1/uploads/{id}/chunks',
      'POST /api/v1/uploads/{id}/commit',
      'POST /api/v1/uploads/{id}/have',
    ]);
  });

  it('learns of no other household of its owner', async () => {
    const { link } = await signedIn.json<{ link: string }>(
      jsonRequest('/api/v1/households', { name: 'The other', timeZone: 'UTC' }),
    );
    const token = link.split('#')[1];
    await signedIn.json(jsonRequest('/api/v1/invitations/join', { token }));
    const asked = { path: '/api/v1/me' };
    expect((await signedIn.send(asked)).body.toString()).toContain('The other');

    const stolen = await tokenOf('push');

    const { body } = await stolen.send(asked);
    expect(body.toString()).toContain('Test');
    expect(body.toString()).not.toContain('The other');
  });

  it('gets nothing wider: neither a token, nor another sign-in, nor another household', async () => {
    const stolen = await tokenOf('push');

    for (const request of [
      jsonRequest('/api/v1/tokens', { name: 'more', scope: 'push' }),
      jsonRequest('/api/v1/device-codes/decide', { userCode: 'BBBB-BBBB', approve: true }),
      jsonRequest('/api/v1/sessions/current/household', { householdId: UNKNOWN }, 'PUT'),
      jsonRequest('/api/v1/invitations/join', { token: 'rc_x' }),
    ])
      verifyProblem(await stolen.send(request), 403, 'SCOPE_TOO_NARROW');
  });
});

describe('a restore token', () => {
  it('reads and adds, and changes nothing that is kept', async () => {
    const token = await tokenOf('restore');

    for (const route of of('admin'))
      verifyProblem(await token.send(requestOf(route)), 403, 'SCOPE_TOO_NARROW');
    expect(
      of('restore')
        .filter(({ method }) => method !== 'GET')
        .map(({ method, path }) => `${method} ${path}`),
    ).toEqual([
      // Writes down what it would take to go back, and does nothing of it (docs/adr/0036).
      'POST /api/v1/rollback-plans',
      // A question too long for an address.
      'POST /api/v1/storage/frees',
    ]);
    expect((await token.send({ path: '/api/v1/snapshots' })).status).toBe(200);
  });
});

describe('a token that is revoked', () => {
  it('is refused from then on, and listed no more', async () => {
    const { id, token } = await signedIn.json<{ id: string; token: string }>(
      jsonRequest('/api/v1/tokens', { name: 'lost laptop', scope: 'push' }),
    );
    const lost = httpOf(household.service.url, token);
    expect((await lost.send({ path: '/api/v1/me' })).status).toBe(200);

    await signedIn.send({ method: 'DELETE', path: `/api/v1/tokens/${id}` });

    verifyProblem(await lost.send({ path: '/api/v1/me' }), 401, 'NOT_SIGNED_IN');
    const { items } = await signedIn.json<{ items: { id: string }[] }>({ path: '/api/v1/tokens' });
    expect(items.map((each) => each.id)).not.toContain(id);
  });
});
