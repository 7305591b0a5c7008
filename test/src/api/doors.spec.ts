import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { httpOf, jsonRequest, signedInHttp, verifyProblem } from './http.js';
import type { Http, HttpRequest } from './http.js';

let household: Household;
let http: Http;
let signedIn: Http;
/** `GET /api/v1/me`, …: every route of the OpenAPI document. */
let routes: readonly string[];

beforeAll(async () => {
  household = await openHousehold();
  http = httpOf(household.service.url);
  signedIn = await signedInHttp(household.service.url);
  const { paths } = await http.json<{ paths: Record<string, object> }>({
    path: '/api/openapi.json',
  });
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
});
afterAll(async () => household.close());

/** These say in the code why they are open (`@OpenToAll`). */
const OPEN = [
  'GET /health/live',
  'GET /health/ready',
  'GET /api/v1/sign-in-methods',
  'POST /api/v1/setup',
  'POST /api/v1/sessions',
  'POST /api/v1/sessions/second-factor',
  'POST /api/v1/sessions/passkey/options',
  'POST /api/v1/sessions/passkey',
  'POST /api/v1/invitations/look',
  'POST /api/v1/invitations/accept',
  'POST /api/v1/device-codes',
  'POST /api/v1/device-codes/token',
];
const UNKNOWN = '0197a000-0000-7000-8000-000000000000';

function requestOf(route: string): HttpRequest {
  const [method = '', path = ''] = route.split(' ');
  return { method, path: path.replaceAll(/\{\w+\}/g, UNKNOWN) };
}

describe('every route', () => {
  it('is known from the OpenAPI document', () => {
    expect(routes.length).toBeGreaterThan(20);
    expect(routes).toEqual(expect.arrayContaining([...OPEN, 'GET /api/v1/me']));
  });

  it('needs a sign-in, unless it says why not', async () => {
    for (const route of routes.filter((each) => !OPEN.includes(each))) {
      verifyProblem(await http.send(requestOf(route)), 401, 'NOT_SIGNED_IN');
    }
  });

  it.each([
    'Bearer',
    'Bearer rc_unknown',
    `Bearer ${'x'.repeat(5000)}`,
    'Bearer \u00ff\u00fe',
    'Basic YWRhOnNlY3JldA==',
    'rc_without_scheme',
  ])('takes no other authorization for one: %s', async (authorization) => {
    for (const route of ['GET /api/v1/me', 'POST /api/v1/uploads', 'GET /api/v1/snapshots']) {
      const answer = await http.send({ ...requestOf(route), headers: { authorization } });
      verifyProblem(answer, 401, 'NOT_SIGNED_IN');
    }
  });

  it('tells a signed-in member that there is no such thing, not that it failed', async () => {
    const own = routes.filter((each) => each.includes('{') && each.startsWith('GET'));
    for (const route of own.filter((each) => !each.includes('{bundleId}'))) {
      verifyProblem(await signedIn.send(requestOf(route)), 404, 'NOT_FOUND');
    }
  });

  it('ends a sign-in for good', async () => {
    const other = await signedInHttp(household.service.url);
    await other.send({ method: 'DELETE', path: '/api/v1/sessions/current' });

    verifyProblem(await other.send({ path: '/api/v1/me' }), 401, 'NOT_SIGNED_IN');
    expect((await signedIn.send({ path: '/api/v1/me' })).status).toBe(200);
  });
});

describe('signing in', () => {
  it('answers an unknown address as it does a wrong password', async () => {
    const known = { email: 'ada@example.org', password: 'wrong' };
    const unknown = { email: 'eve@example.org', password: 'wrong' };

    const [one, two] = await Promise.all(
      [known, unknown].map((body) => http.send(jsonRequest('/api/v1/sessions', body))),
    );

    const first = one && verifyProblem(one, 401, 'SIGN_IN_FAILED');
    const second = two && verifyProblem(two, 401, 'SIGN_IN_FAILED');
    expect(first?.detail).toBe(second?.detail);
  });
});

describe('what is open to all', () => {
  it('health tells nothing but health', async () => {
    expect(await http.json({ path: '/health/live' })).toEqual({ status: 'ok' });
    expect(await http.json({ path: '/health/ready' })).toEqual({
      status: 'ok',
      checks: { database: 'ok', objectStore: 'ok', queue: 'ok' },
    });
  });

  it('the docs can be read', async () => {
    const { status, headers, body } = await http.send({ path: '/api/docs' });

    expect(status).toBe(200);
    expect(headers['content-type']).toMatch(/^text\/html/);
    expect(body.toString()).toContain('swagger');
  });

  it('no answer names the software it is made with', async () => {
    const { headers } = await http.send({ path: '/health/live' });

    expect(headers).not.toHaveProperty('x-powered-by');
    expect(headers).not.toHaveProperty('server');
  });

  it('anything else is not there', async () => {
    for (const path of ['/api/v2/me', '/api/v1/', '/health', '/api/v1/uploads/x/y?token=secret']) {
      const { detail } = verifyProblem(await http.send({ path }), 404, 'NOT_FOUND');
      // It goes into logs and tickets.
      expect(detail).not.toContain('secret');
    }
  });
});
