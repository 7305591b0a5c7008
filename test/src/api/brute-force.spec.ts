import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { httpOf, jsonRequest, verifyProblem } from './http.js';
import type { HttpAnswer } from './http.js';
import { CREDENTIALS, openSignInService } from './sign-in-service.js';
import type { SignInService } from './sign-in-service.js';

let service: SignInService;
beforeEach(async () => {
  // The tests say whose a request is.
  service = await openSignInService({ trustedProxies: ['loopback'] });
});
afterEach(async () => service[Symbol.asyncDispose]());

const OWN_EMAIL: string = CREDENTIALS.email;
const HOME = '192.0.2.1';

async function tryIn(
  password: string,
  { from = HOME, email = OWN_EMAIL } = {},
): Promise<HttpAnswer> {
  const request = jsonRequest('/api/v1/sessions', { email, password });
  return service.http.send({
    ...request,
    headers: { ...request.headers, 'x-forwarded-for': from },
  });
}

async function fail(times: number, who: { from?: string; email?: string } = {}): Promise<number[]> {
  const statuses: number[] = [];
  for (let n = 0; n < times; n += 1) statuses.push((await tryIn('wrong', who)).status);
  return statuses;
}

const waitOf = (answer: HttpAnswer): number => Number(answer.headers['retry-after']);
const right = async (from?: string): Promise<number> =>
  (await tryIn(CREDENTIALS.password, from === undefined ? {} : { from })).status;

describe('guessing a password', () => {
  it('waits after five failures, twice as long each time, a quarter of an hour at most', async () => {
    expect(await fail(5)).toEqual([401, 401, 401, 401, 401]);

    const waits: number[] = [];
    for (let n = 0; n < 10; n += 1) {
      const refused = await tryIn('wrong');
      verifyProblem(refused, 429, 'RATE_LIMITED');
      waits.push(waitOf(refused));
      service.clock.pass(waitOf(refused));
      expect((await tryIn('wrong')).status).toBe(401);
    }

    expect(waits).toEqual([5, 10, 20, 40, 80, 160, 320, 640, 900, 900]);
  });

  it('does not get through with the right one during the wait, and does after it', async () => {
    await fail(5);

    expect(await right()).toBe(429);
    service.clock.pass(5);
    expect(await right()).toBe(200);
    expect(await fail(4)).toEqual([401, 401, 401, 401]);
  });

  it('is not faster with many requests at a time', async () => {
    const answers = await Promise.all(Array.from({ length: 40 }, async () => tryIn('wrong')));

    expect(answers.filter(({ status }) => status === 401)).toHaveLength(5);
  });

  it('looks the same for an address nobody has', async () => {
    const nobody = { email: 'nobody@example.org' };
    const told = async (who: { email?: string }): Promise<unknown[]> => {
      const answers: unknown[] = [];
      for (let n = 0; n < 7; n += 1) {
        const { status, body, headers } = await tryIn('wrong', who);
        const { code, detail } = JSON.parse(body.toString()) as Record<string, unknown>;
        answers.push([status, code, detail, headers['retry-after']]);
      }
      return answers;
    };

    expect(await told(nobody)).toEqual(await told({}));
  });

  it('of many accounts from one address is slowed as well, also from within one IPv6 network', async () => {
    const statuses: number[] = [];
    for (let n = 0; n < 32; n += 1) {
      const from = `2001:db8:1:2::${n.toString(16)}`;
      statuses.push((await tryIn('wrong', { from, email: `a${n}@example.org` })).status);
    }

    expect(statuses.slice(0, 30)).toEqual(Array(30).fill(401));
    expect(statuses.slice(30)).toEqual([429, 429]);
    expect(await right('2001:db8:1:3::1')).toBe(200);
  });

  it('of one account from many addresses is slowed, but not for who signed in from theirs before', async () => {
    expect(await right(HOME)).toBe(200);
    for (let n = 0; n < 50; n += 1) await fail(1, { from: `198.51.100.${n}` });

    expect(await fail(1, { from: '203.0.113.1' })).toEqual([429]);
    expect(await right('203.0.113.2')).toBe(429);
    expect(await right(HOME)).toBe(200);
  });

  it('is counted by the database: another process knows, and nobody’s address stands there', async () => {
    await fail(5);
    const dump = JSON.stringify(
      await service.opened.database.query(
        `select attempt::text, encode(key, 'escape') from attempt`,
      ),
    );
    expect(dump).not.toContain('192.0.2');
    expect(dump).not.toContain('example.org');

    const other = await service.opened.openAgain();
    const tried = other.archive.signIn.execute({
      ...{ ...CREDENTIALS, kind: 'token', computerName: 'c', from: HOME },
    });

    await expect(tried).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await other.close();
  });
});

it('whose a request is, is not believed of anybody who may say it', async () => {
  await using open = await openSignInService();
  const request = jsonRequest('/api/v1/sessions', { ...CREDENTIALS, password: 'wrong' });
  const statuses: number[] = [];
  for (let n = 0; n < 7; n += 1) {
    const headers = { ...request.headers, 'x-forwarded-for': `192.0.2.${n}` };
    statuses.push((await open.http.send({ ...request, headers })).status);
  }

  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
});

it('codes and links are guessed at slowly, from one address and by one account', async () => {
  const link = { ...jsonRequest('/api/v1/invitations/look', { token: 'x'.repeat(43) }) };
  const looked: number[] = [];
  for (let n = 0; n < 52; n += 1) looked.push((await service.http.send(link)).status);
  const { token } = await service.http.json<{ token: string }>(
    jsonRequest('/api/v1/sessions', CREDENTIALS),
  );
  const signedIn = httpOf(service.url, token);
  const codes: number[] = [];
  for (let n = 0; n < 12; n += 1) {
    const userCode = `BCDF-GHJ${'KLMNPQRSTVWX'.charAt(n)}`;
    codes.push(
      (await signedIn.send(jsonRequest('/api/v1/device-codes/look', { userCode }))).status,
    );
  }

  expect(new Set(looked.slice(0, 50))).not.toContain(429);
  expect(looked.slice(50)).toEqual([429, 429]);
  expect(new Set(codes.slice(0, 10))).not.toContain(429);
  expect(codes.slice(10)).toEqual([429, 429]);
});
