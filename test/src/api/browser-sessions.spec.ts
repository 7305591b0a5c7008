import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, systemClock } from '@rootcellar/model';
import { httpOf, jsonRequest, verifyProblem } from './http.js';
import {
  CREDENTIALS,
  openSignInService,
  sessionCookieOf,
  signedInBrowser,
} from './sign-in-service.js';
import type { SignInService } from './sign-in-service.js';

let service: SignInService;
beforeAll(async () => {
  service = await openSignInService();
});
afterAll(async () => service[Symbol.asyncDispose]());

const DAY_S = 86_400;
const ME = { path: '/api/v1/me' };

async function statusWith(cookie: string): Promise<number> {
  return (await service.http.send({ ...ME, headers: { cookie } })).status;
}

describe("a browser's sign-in", () => {
  it('is a cookie that no script reads and no other site sends, and tells no token', async () => {
    const body = { ...CREDENTIALS, as: 'cookie' };
    const answer = await service.browser().send('POST', '/api/v1/sessions', body);

    expect(answer.status).toBe(200);
    expect(JSON.parse(answer.body.toString())).toMatchObject({ status: 'signed-in', token: null });
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(
        /^rootcellar=rc_[\w-]{43}; Max-Age=\d+; Path=\/; .*HttpOnly; SameSite=Lax$/,
      ),
    ]);
    expect(await statusWith(sessionCookieOf(answer) ?? '')).toBe(200);
  });

  it('is never one that came with the request', async () => {
    const laid = 'rootcellar=rc_laidByAnAttackerBeforeTheVictimSignedIn0000000000';
    const { cookie: before } = await signedInBrowser(service);
    for (const given of [laid, before]) {
      const body = { ...CREDENTIALS, as: 'cookie' };
      const answer = await service.browser(given).send('POST', '/api/v1/sessions', body);

      expect(sessionCookieOf(answer)).toBeDefined();
      expect(sessionCookieOf(answer)).not.toBe(given);
    }
    expect(await statusWith(laid)).toBe(401);
  });

  it('is no bearer token, and a token is no cookie', async () => {
    const { cookie } = await signedInBrowser(service);
    const { token } = await service.http.json<{ token: string }>(
      jsonRequest('/api/v1/sessions', CREDENTIALS),
    );

    const asBearer = { authorization: `Bearer ${cookie.split('=')[1] ?? ''}` };
    verifyProblem(await service.http.send({ ...ME, headers: asBearer }), 401, 'NOT_SIGNED_IN');
    expect(await statusWith(`rootcellar=${token}`)).toBe(401);
  });

  it('ends with signing out, and the cookie is taken back', async () => {
    const { cookie, browser } = await signedInBrowser(service);

    const answer = await browser.send('DELETE', '/api/v1/sessions/current');

    expect(answer.status).toBe(204);
    expect(answer.headers['set-cookie']).toEqual([expect.stringMatching(/^rootcellar=; .*1970/)]);
    expect(await statusWith(cookie)).toBe(401);
  });

  it('gets a new token once a day; the one before is good a minute longer', async () => {
    const { cookie, browser } = await signedInBrowser(service);
    expect(sessionCookieOf(await browser.send('GET', ME.path))).toBeUndefined();

    service.clock.pass(DAY_S + 60);
    const answers = await Promise.all([1, 2, 3].map(async () => browser.send('GET', ME.path)));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    const fresh = answers.map(sessionCookieOf).filter((each) => each !== undefined);
    expect(fresh).toHaveLength(1);
    expect(fresh[0]).not.toBe(cookie);
    service.clock.pass(30);
    expect(await statusWith(cookie)).toBe(200);
    service.clock.pass(60);
    expect(await statusWith(cookie)).toBe(401);
    expect(await statusWith(fresh[0] ?? '')).toBe(200);
  });

  it('is over after a month without use, and after a quarter of a year however much it is used', async () => {
    const idle = await signedInBrowser(service);
    let { cookie } = await signedInBrowser(service);

    for (let days = 0; days < 84; days += 28) {
      service.clock.pass(28 * DAY_S);
      const answer = await service.browser(cookie).send('GET', ME.path);
      expect(answer.status).toBe(200);
      cookie = sessionCookieOf(answer) ?? cookie;
    }

    expect(await statusWith(idle.cookie)).toBe(401);
    service.clock.pass(7 * DAY_S);
    expect(await statusWith(cookie)).toBe(401);
  });
});

describe('the list of sign-ins', () => {
  it('names one’s own, says which is this one, and ends any of them', async () => {
    const { browser } = await signedInBrowser(service);
    const { token } = await service.http.json<{ token: string }>(
      jsonRequest('/api/v1/sessions', { ...CREDENTIALS, computerName: 'a laptop' }),
    );

    const list = await browser.json<Record<string, unknown>[]>('GET', '/api/v1/sessions');

    const laptop = list.find(({ name }) => name === 'a laptop');
    expect(laptop).toMatchObject({
      kind: 'token',
      scope: 'admin',
      current: false,
      expiresAt: null,
    });
    expect(list.filter(({ current }) => current === true)).toHaveLength(1);
    expect(JSON.stringify(list)).not.toContain('rc_');
    await browser.send('DELETE', `/api/v1/sessions/${String(laptop?.['id'])}`);
    expect((await httpOf(service.url, token).send(ME)).status).toBe(401);
    const again = await browser.send('DELETE', `/api/v1/sessions/${String(laptop?.['id'])}`);
    verifyProblem(again, 404, 'NOT_FOUND');
  });
});

describe("somebody else's sign-in", () => {
  it('is neither listed nor ended', async () => {
    const { database } = service.opened;
    const id = newId(systemClock);
    await database.query(
      `with account as (insert into account (id, email, name) values ($1, 'bob@example.org', 'Bob') returning id)
        insert into credential (id, account_id, kind, scope, name, token_hash) select $1, id, 'token', 'admin', 'Bobs laptop', $2 from account`,
      [id, Buffer.alloc(32)],
    );
    const { browser } = await signedInBrowser(service);

    const list = await browser.send('GET', '/api/v1/sessions');
    const ended = await browser.send('DELETE', `/api/v1/sessions/${id}`);

    expect(list.body.toString()).not.toContain('Bob');
    verifyProblem(ended, 404, 'NOT_FOUND');
    expect(await database.query('select from credential where id = $1', [id])).toHaveLength(1);
  });
});

describe('a new password', () => {
  const NEXT = 'quiet otters juggle seven lanterns';

  it('needs the current one, and must not be easily guessed', async () => {
    const { browser } = await signedInBrowser(service);
    const put = async (body: object): ReturnType<typeof browser.send> =>
      browser.send('PUT', '/api/v1/me/password', body);

    verifyProblem(await put({ current: 'wrong', password: NEXT }), 403, 'PASSWORD_WRONG');
    verifyProblem(await put({ password: NEXT }), 403, 'PASSWORD_WRONG');
    const current = CREDENTIALS.password;
    for (const password of [
      'password1234',
      'ada@example.org',
      'exampleada1',
      'Sommer2026!',
      'qwertyuiop',
      'a'.repeat(500),
    ]) {
      const { detail } = verifyProblem(await put({ current, password }), 422, 'PASSWORD_WEAK');
      expect(detail).not.toContain(password);
    }
    verifyProblem(await put({ current, password: 'short7!' }), 422, 'INPUT_INVALID');
  });

  it('ends every other sign-in, but not the one it was changed with, nor one that may only push', async () => {
    const { cookie, browser } = await signedInBrowser(service);
    const other = await signedInBrowser(service);
    const tokens = await Promise.all(
      ['a', 'b'].map(async () =>
        service.http.json<{ token: string }>(jsonRequest('/api/v1/sessions', CREDENTIALS)),
      ),
    );
    const [wide, narrow] = tokens.map(({ token }) => httpOf(service.url, token));
    const { id } = (
      await narrow?.json<{ id: string; current: boolean }[]>({ path: '/api/v1/sessions' })
    )?.find(({ current }) => current) ?? { id: '' };
    await service.opened.database.query(`update credential set scope = 'push' where id = $1`, [id]);

    const change = { current: CREDENTIALS.password, password: NEXT };
    expect((await browser.send('PUT', '/api/v1/me/password', change)).status).toBe(204);

    expect(await statusWith(cookie)).toBe(200);
    expect(await statusWith(other.cookie)).toBe(401);
    expect((await wide?.send(ME))?.status).toBe(401);
    expect((await narrow?.send(ME))?.status).toBe(200);
    const back = { current: NEXT, password: CREDENTIALS.password };
    expect((await browser.send('PUT', '/api/v1/me/password', back)).status).toBe(204);
  });

  it('is noted in the audit trail, as sign-ins are, also those that failed', async () => {
    const wrong = { ...CREDENTIALS, password: 'wrong', computerName: 'an unknown place' };
    await service.http.send(jsonRequest('/api/v1/sessions', wrong));
    const { browser } = await signedInBrowser(service);
    const seen = async (): Promise<string[]> => {
      const { items } = await browser.json<{
        items: Readonly<Record<'action' | 'subject' | 'fromAddress', string>>[];
      }>('GET', '/api/v1/audit?limit=1000');
      return items.map(
        ({ action, subject, fromAddress }) => `${action} ${subject} from ${fromAddress}`,
      );
    };

    const lines = await seen();

    expect(lines).toEqual(
      expect.arrayContaining([
        'signed-in browser from 127.0.0.1',
        'sign-in-failed an unknown place from 127.0.0.1',
        expect.stringMatching(/^password-changed .*from 127\.0\.0\.1$/),
      ]),
    );
  });
});

describe('a request with the sign-in of a browser', () => {
  const cases: [string, Record<string, string>, number][] = [
    ['from a page of ours', { 'sec-fetch-site': 'same-origin' }, 204],
    ['from a page of another site', { 'sec-fetch-site': 'cross-site' }, 403],
    ['from a page beside ours', { 'sec-fetch-site': 'same-site' }, 403],
    ['from another origin, of an old browser', { origin: 'https://evil.example' }, 403],
    ['from another port', { origin: 'http://localhost:1' }, 403],
    ['from a page without an origin', { origin: 'null' }, 403],
    ['of which nothing says where it comes from', {}, 403],
  ];

  it.each(cases)('that changes something, %s', async (_, headers, status) => {
    const { cookie } = await signedInBrowser(service);

    const answer = await service.http.send({
      ...{ method: 'DELETE', path: '/api/v1/sessions/current' },
      headers: { cookie, ...headers },
    });

    expect(answer.status).toBe(status);
    if (status === 403) verifyProblem(answer, 403, 'CROSS_ORIGIN');
    expect(await statusWith(cookie)).toBe(status === 204 ? 401 : 200);
  });

  it('is taken from our own origin of a browser that says no more', async () => {
    const { cookie } = await signedInBrowser(service);

    const headers = { cookie, origin: service.url };
    const answer = await service.http.send({
      ...{ method: 'DELETE', path: '/api/v1/sessions/current' },
      headers,
    });

    expect(answer.status).toBe(204);
  });

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'takes no body that a form of any site can send: %s',
    async (type) => {
      const { cookie } = await signedInBrowser(service);

      const headers = { cookie, origin: service.url, 'content-type': type };
      const body = JSON.stringify({ current: CREDENTIALS.password, password: 'x' });
      const answer = await service.http.send({
        method: 'PUT',
        path: '/api/v1/me/password',
        headers,
        body,
      });

      verifyProblem(answer, 403, 'CROSS_ORIGIN');
    },
  );

  it('cannot be made by a page that signs its visitor in as somebody else', async () => {
    const request = jsonRequest('/api/v1/sessions', { ...CREDENTIALS, as: 'cookie' });
    const headers = { ...request.headers, origin: 'https://evil.example' };

    verifyProblem(await service.http.send({ ...request, headers }), 403, 'CROSS_ORIGIN');
  });

  it('does not matter for bearer tokens', async () => {
    const { token } = await service.http.json<{ token: string }>(
      jsonRequest('/api/v1/sessions', CREDENTIALS),
    );

    const answer = await httpOf(service.url, token).send({
      ...{ method: 'DELETE', path: '/api/v1/sessions/current' },
      headers: { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' },
    });

    expect(answer.status).toBe(204);
  });
});
