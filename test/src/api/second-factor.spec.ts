import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { codeAt } from './authenticator-app.js';
import { jsonRequest, verifyProblem } from './http.js';
import type { HttpAnswer } from './http.js';
import {
  CREDENTIALS,
  openSignInService,
  sessionCookieOf,
  signedInBrowser,
} from './sign-in-service.js';
import type { Browser, SignInService } from './sign-in-service.js';

let service: SignInService;
let browser: Browser;
let secret: string;
let recoveryCodes: readonly string[];
beforeEach(async () => {
  service = await openSignInService();
  ({ browser } = await signedInBrowser(service));
  ({ secret } = await browser.json<{ secret: string }>('POST', '/api/v1/me/totp'));
  const confirmed = await browser.json<{ recoveryCodes: string[] }>(
    ...(['POST', '/api/v1/me/totp/confirm'] as const),
    { code: codeAt(secret, service.clock.now()) },
  );
  ({ recoveryCodes } = confirmed);
  service.clock.pass(60);
});
afterEach(async () => service[Symbol.asyncDispose]());

async function firstStep(): Promise<{ challenge: string; factors: string[] }> {
  const answer = await service.http.json<{ status: string; challenge: string; factors: string[] }>(
    jsonRequest('/api/v1/sessions', CREDENTIALS),
  );
  expect(answer.status).toBe('second-factor');
  return answer;
}

async function secondStep(body: Record<string, unknown>): Promise<HttpAnswer> {
  return service.http.send(jsonRequest('/api/v1/sessions/second-factor', body));
}

const code = (stepsAhead = 0): string => codeAt(secret, service.clock.now(), stepsAhead);

describe('an authenticator app', () => {
  it('is asked for after the password, and then signs in', async () => {
    const { challenge, factors } = await firstStep();
    expect(factors).toEqual(['totp', 'recovery-code']);

    const answer = await secondStep({ challenge, totp: code(), as: 'cookie' });

    expect(answer.status).toBe(200);
    expect(sessionCookieOf(answer)).toBeDefined();
    expect(answer.body.toString()).not.toContain('rc_');
  });

  it('has codes that are good once, also in another sign-in and for those before', async () => {
    const [one, two, three] = [await firstStep(), await firstStep(), await firstStep()];
    const used = code();

    expect((await secondStep({ challenge: one.challenge, totp: used })).status).toBe(200);
    for (const [{ challenge }, totp] of [
      [two, used],
      [three, code(-1)],
    ] as const)
      verifyProblem(await secondStep({ challenge, totp }), 403, 'SECOND_FACTOR_WRONG');
  });

  it.each([
    ['the step before', -1, 200],
    ['the step after', 1, 200],
    ['two steps before', -2, 403],
    ['two steps after', 2, 403],
  ])('may be off by one step: %s', async (_, ahead, status) => {
    const { challenge } = await firstStep();

    expect((await secondStep({ challenge, totp: code(ahead) })).status).toBe(status);
  });

  it('gives one of two at a time with the same code', async () => {
    const steps = await Promise.all([firstStep(), firstStep(), firstStep()]);
    const totp = code();

    const answers = await Promise.all(
      steps.map(async ({ challenge }) => secondStep({ challenge, totp })),
    );

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it('needs the first step, not too long ago and not twice', async () => {
    const { challenge } = await firstStep();
    const late = await firstStep();
    expect((await secondStep({ challenge, totp: code() })).status).toBe(200);
    service.clock.pass(40);

    verifyProblem(await secondStep({ challenge, totp: code() }), 401, 'SIGN_IN_EXPIRED');
    verifyProblem(await secondStep({ challenge: 'x', totp: code() }), 401, 'SIGN_IN_EXPIRED');
    service.clock.pass(300);
    const { challenge: over } = late;
    verifyProblem(await secondStep({ challenge: over, totp: code() }), 401, 'SIGN_IN_EXPIRED');
  });

  it('is guessed at slowly, however many first steps are made', async () => {
    const codes: string[] = [];
    for (let guess = 0; guess < 8; guess += 1) {
      const { challenge } = await firstStep();
      const answer = await secondStep({ challenge, totp: '000000' });
      codes.push((JSON.parse(answer.body.toString()) as { code: string }).code);
    }

    expect(codes.slice(0, 5)).toEqual(Array(5).fill('SECOND_FACTOR_WRONG'));
    expect(codes.slice(5)).toEqual(Array(3).fill('RATE_LIMITED'));
    const { challenge } = await firstStep();
    verifyProblem(await secondStep({ challenge, totp: code() }), 429, 'RATE_LIMITED');
  });

  it('is not told by the database: neither its secret nor the recovery codes', async () => {
    const { database } = service.opened;
    const dump = JSON.stringify(
      await database.query(
        `select encode(sealed_secret, 'hex') as sealed, totp::text, (select string_agg(recovery_code::text, ' ') from recovery_code)
          from totp`,
      ),
    );
    const bytes = Array.from(secret, (letter) =>
      'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter).toString(2).padStart(5, '0'),
    ).join('');
    const hex = (bytes.match(/.{8}/g) ?? []).map((byte) =>
      Number.parseInt(byte, 2).toString(16).padStart(2, '0'),
    );

    expect(dump).toContain('sealed');
    expect(dump).not.toContain(hex.join(''));
    expect(dump).not.toContain(secret);
    for (const each of recoveryCodes) expect(dump).not.toContain(each);
  });

  it('is removed with the password alone, and other browsers are signed out by that', async () => {
    const { challenge } = await firstStep();
    const cookie = sessionCookieOf(await secondStep({ challenge, totp: code(), as: 'cookie' }));
    const wrong = await browser.send('DELETE', '/api/v1/me/totp', { password: 'wrong' });
    verifyProblem(wrong, 403, 'PASSWORD_WRONG');

    const { password } = CREDENTIALS;
    expect((await browser.send('DELETE', '/api/v1/me/totp', { password })).status).toBe(204);

    const other = await service.browser(cookie).send('GET', '/api/v1/me');
    expect(other.status).toBe(401);
    expect(await browser.json('GET', '/api/v1/me/second-factors')).toMatchObject({
      ...{ totp: false, recoveryCodesLeft: 0 },
    });
    await signedInBrowser(service);
  });

  it('is not set up over one that is in use, nor in use before it is confirmed', async () => {
    verifyProblem(await browser.send('POST', '/api/v1/me/totp'), 409, 'SECOND_FACTOR_EXISTS');
    const { password } = CREDENTIALS;
    await browser.send('DELETE', '/api/v1/me/totp', { password });
    await browser.json('POST', '/api/v1/me/totp');
    const wrong = await browser.send('POST', '/api/v1/me/totp/confirm', { code: '000000' });

    verifyProblem(wrong, 403, 'SECOND_FACTOR_WRONG');
    await signedInBrowser(service);
  });
});

describe('a recovery code', () => {
  it('is one of ten, and signs in once, however it is typed', async () => {
    expect(new Set(recoveryCodes).size).toBe(10);
    const [first = '', second = ''] = recoveryCodes;
    const typed = ` ${first.toUpperCase().replace('-', ' ')} `;
    const [one, two] = [await firstStep(), await firstStep()];

    expect((await secondStep({ challenge: one.challenge, recoveryCode: typed })).status).toBe(200);
    const again = await secondStep({ challenge: two.challenge, recoveryCode: first });
    verifyProblem(again, 403, 'SECOND_FACTOR_WRONG');
    const other = await secondStep({ challenge: two.challenge, recoveryCode: second });
    expect(other.status).toBe(200);
    expect(await browser.json('GET', '/api/v1/me/second-factors')).toMatchObject({
      recoveryCodesLeft: 8,
    });
  });

  it('is void when new ones were made', async () => {
    await browser.json('POST', '/api/v1/me/recovery-codes');
    const { challenge } = await firstStep();

    const answer = await secondStep({ challenge, recoveryCode: recoveryCodes[0] });

    verifyProblem(answer, 403, 'SECOND_FACTOR_WRONG');
  });
});
