import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
import { softPasskey } from './soft-passkey.js';
import type { Ceremony, SoftPasskey } from './soft-passkey.js';

interface Asked {
  readonly passkeyChallenge: string;
  readonly options: { readonly challenge: string; readonly [name: string]: unknown };
}

let service: SignInService;
let browser: Browser;
let passkey: SoftPasskey;
beforeAll(async () => {
  service = await openSignInService();
  ({ browser } = await signedInBrowser(service));
  passkey = softPasskey();
  expect((await add(passkey)).status).toBe(201);
});
afterAll(async () => service[Symbol.asyncDispose]());

const at = ({ options: { challenge } }: Asked, also: Partial<Ceremony> = {}): Ceremony => ({
  ...{ challenge, origin: service.url, rpId: 'localhost' },
  ...also,
});

async function add(key: SoftPasskey, also: Partial<Ceremony> = {}): Promise<HttpAnswer> {
  const asked = await browser.json<Asked>('POST', '/api/v1/me/passkeys/options');
  const response = key.register(at(asked, also));
  const body = { passkeyChallenge: asked.passkeyChallenge, name: 'phone', response };
  return browser.send('POST', '/api/v1/me/passkeys', body);
}

async function ask(body?: object): Promise<Asked> {
  return service.browser().json<Asked>('POST', '/api/v1/sessions/passkey/options', body);
}

async function signIn(asked: Asked, response: unknown): Promise<HttpAnswer> {
  const body = { passkeyChallenge: asked.passkeyChallenge, response, as: 'cookie' };
  return service.browser().send('POST', '/api/v1/sessions/passkey', body);
}

async function used(also: Partial<Ceremony> = {}): Promise<HttpAnswer> {
  const asked = await ask();
  passkey.counter += 1;
  return signIn(asked, passkey.assert(at(asked, also)));
}

describe('adding a passkey', () => {
  it('asks for one that is found without an address, and verifies its user', async () => {
    const { options } = await browser.json<Asked>('POST', '/api/v1/me/passkeys/options');

    expect(options).toMatchObject({
      rp: { id: 'localhost' },
      user: { name: CREDENTIALS.email },
      attestation: 'none',
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [{ id: passkey.id, transports: ['internal'] }],
    });
  });

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['for another site', { rpId: 'evil.example' }],
    ['to another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['of a user who was not verified', { verified: false }],
  ])('refuses an answer %s', async (_, also) => {
    verifyProblem(await add(softPasskey(), also), 403, 'PASSKEY_REFUSED');
  });

  it('takes no passkey twice', async () => {
    verifyProblem(await add(passkey), 403, 'PASSKEY_REFUSED');
  });

  it('says what to do where the service was opened by an IP address', async () => {
    const { origin, port } = new URL(service.url);
    const headers = { host: `127.0.0.1:${port}`, 'content-type': 'application/json' };
    const request = { method: 'POST', path: '/api/v1/sessions/passkey/options', body: '{}' };

    const answer = await service.http.send({ ...request, headers });

    const problem = verifyProblem(answer, 409, 'PASSKEY_NEEDS_NAME');
    expect(problem).toMatchObject({ hint: `Open it as ${origin}.` });
    const methods = async (host: string): Promise<unknown> =>
      service.http.json({ path: '/api/v1/sign-in-methods', headers: { host } });
    expect(await methods(`127.0.0.1:${port}`)).toMatchObject({ passkeys: false });
    expect(await methods('cellar.example')).toMatchObject({ passkeys: false });
    expect(await methods(`localhost:${port}`)).toMatchObject({ passkeys: true, setUp: true });
  });
});

describe('signing in with a passkey', () => {
  it('needs no address', async () => {
    const answer = await used();

    expect(answer.status).toBe(200);
    const me = await service.browser(sessionCookieOf(answer)).json('GET', '/api/v1/me');
    expect(me).toMatchObject({ email: CREDENTIALS.email });
  });

  it.each([
    ['of another site', { origin: 'https://evil.example' }],
    ['for another site', { rpId: 'evil.example' }],
    ['to another challenge', { challenge: Buffer.alloc(32).toString('base64url') }],
    ['of a user who was not verified', { verified: false }],
  ])('refuses an answer %s', async (_, also) => {
    verifyProblem(await used(also), 403, 'PASSKEY_REFUSED');
  });

  it('refuses a passkey nobody added, and answers that are none', async () => {
    const asked = await ask();
    const stranger = softPasskey().assert(at(asked));

    for (const response of [stranger, {}, { id: 1 }, { ...stranger, id: passkey.id, response: 1 }])
      verifyProblem(await signIn(asked, response), 403, 'PASSKEY_REFUSED');
  });

  it('refuses an answer that was given before, and a key that counts backwards: a copy', async () => {
    const asked = await ask();
    passkey.counter += 1;
    const response = passkey.assert(at(asked));
    expect((await signIn(asked, response)).status).toBe(200);

    expect((await signIn(asked, response)).status).toBeGreaterThanOrEqual(401);
    const again = await ask();
    verifyProblem(await signIn(again, passkey.assert(at(again))), 403, 'PASSKEY_REFUSED');
  });

  it('does for the second factor, of that account and no other', async () => {
    const { secret } = await browser.json<{ secret: string }>('POST', '/api/v1/me/totp');
    await browser.json('POST', '/api/v1/me/totp/confirm', {
      code: codeAt(secret, service.clock.now()),
    });
    const first = await service.http.json<{ challenge: string; factors: string[] }>(
      jsonRequest('/api/v1/sessions', CREDENTIALS),
    );
    expect(first.factors).toContain('passkey');
    const asked = await ask({ challenge: first.challenge });
    expect(asked.options['allowCredentials']).toMatchObject([{ id: passkey.id }]);
    passkey.counter += 1;

    expect((await signIn(asked, passkey.assert(at(asked)))).status).toBe(200);
  });

  it('is over when it was removed', async () => {
    const { passkeys } = await browser.json<{ passkeys: { id: string; name: string }[] }>(
      'GET',
      '/api/v1/me/second-factors',
    );
    expect(passkeys).toMatchObject([{ name: 'phone' }]);

    const path = `/api/v1/me/passkeys/${passkeys[0]?.id ?? ''}`;
    expect((await browser.send('DELETE', path)).status).toBe(204);

    verifyProblem(await used(), 403, 'PASSKEY_REFUSED');
    verifyProblem(await browser.send('DELETE', path), 404, 'NOT_FOUND');
  });
});
