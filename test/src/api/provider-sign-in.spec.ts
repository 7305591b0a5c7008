import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { GroupRole } from '@rootcellar/archive';
import type { HouseholdId } from '@rootcellar/model';
import { openProviders } from '@rootcellar/platform';
import { freePort, makeTemporaryFolder } from '@rootcellar/testkit';
import { httpOf } from './http.js';
import type { HttpAnswer } from './http.js';
import { startOidcProvider } from './oidc-provider.js';
import type { OidcProvider } from './oidc-provider.js';
import { openSignInService, sessionCookieOf, signedInBrowser } from './sign-in-service.js';
import type { SignInService } from './sign-in-service.js';

const ADA = { name: 'Ada', email: 'ada@example.org', email_verified: true };

let provider: OidcProvider;
let service: SignInService;
let householdId: HouseholdId;
const groupRoles: GroupRole[] = [];
const closing = new AsyncDisposableStack();

beforeAll(async () => {
  const folder = await makeTemporaryFolder('rootcellar-oidc-secret');
  closing.defer(async () => folder.remove());
  const port = await freePort();
  provider = closing.use(
    await startOidcProvider(`http://localhost:${port}/sign-in/provider/oidc/callback`),
  );
  const clientSecretFile = join(folder.path, 'secret');
  await writeFile(clientSecretFile, provider.clientSecret);
  const { providers } = await openProviders({
    ...{ issuer: provider.issuer, clientId: 'rootcellar', clientSecretFile, name: 'Family' },
    ...{ groupsClaim: 'groups', groupsFile: undefined },
  });
  service = closing.use(await openSignInService({ port, providers: { providers, groupRoles } }));
  ({ householdId } = service.opened.actor);
});
afterAll(async () => closing.disposeAsync());
beforeEach(async () => {
  groupRoles.length = 0;
  await service.opened.database.query('delete from provider_link');
});

const START = '/sign-in/provider/oidc';

/** A browser with its cookies, by origin. */
interface Walker {
  readonly cookies: Map<string, Map<string, string>>;
  get(url: string, headers?: Readonly<Record<string, string>>): Promise<HttpAnswer>;
}

function walker(person: string, sessionCookie?: string): Walker {
  const cookies = new Map([
    [provider.issuer, new Map([['person', person]])],
    [service.url, new Map(sessionCookie === undefined ? [] : [pair(sessionCookie)])],
  ]);
  return {
    cookies,
    async get(url, headers = {}) {
      const { origin, pathname, search } = new URL(url);
      const jar = cookies.get(origin) ?? new Map<string, string>();
      const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
      const path = `${pathname}${search}`;
      const answer = await httpOf(origin).send({ path, headers: { cookie, ...headers } });
      for (const set of answer.headers['set-cookie'] ?? [])
        jar.set(...pair(set.split(';')[0] ?? ''));
      return answer;
    },
  };
}

function pair(cookie: string): [string, string] {
  const at = cookie.indexOf('=');
  return [cookie.slice(0, at), cookie.slice(at + 1)];
}

const goesTo = ({ headers }: HttpAnswer, from: string): string =>
  new URL(headers.location ?? 'http://nowhere.invalid', from).href;

/** From the start to the provider and back, up to the address that the provider sends the browser to. */
async function callbackOf(
  browser: Walker,
  how: { readonly query?: string; readonly changed?: (url: URL) => void } = {},
): Promise<URL> {
  const own = { 'sec-fetch-site': 'same-origin' };
  const begun = await browser.get(`${service.url}${START}${how.query ?? ''}`, own);
  const asked = new URL(goesTo(begun, service.url));
  how.changed?.(asked);
  let at = asked.href;
  for (let steps = 0; steps < 10 && !at.startsWith(service.url); steps += 1)
    at = goesTo(await browser.get(at), at);
  return new URL(at);
}

async function signIn(person: string, query?: string): Promise<HttpAnswer> {
  const browser = walker(person);
  const callback = await callbackOf(browser, query === undefined ? {} : { query });
  return browser.get(callback.href);
}

async function link(person: string): Promise<HttpAnswer> {
  const { cookie } = await signedInBrowser(service);
  const browser = walker(person, cookie);
  return browser.get((await callbackOf(browser, { query: '?link=1&returnTo=/account' })).href);
}

async function me(answer: HttpAnswer): Promise<Record<string, unknown>> {
  return service.browser(sessionCookieOf(answer)).json('GET', '/api/v1/me');
}

const problem = (code: string): string => `/sign-in?problem=${code}`;

describe('a provider', () => {
  it('is named to the sign-in page, and asked with code, PKCE, state and nonce', async () => {
    const methods = await service.http.json({ path: '/api/v1/sign-in-methods' });
    expect(methods).toMatchObject({ providers: [{ id: 'oidc', name: 'Family' }] });

    const answer = await service.http.send({ path: START });

    expect(answer.status).toBe(302);
    const { origin, searchParams } = new URL(answer.headers.location ?? '');
    expect(origin).toBe(provider.issuer);
    expect(Object.fromEntries(searchParams)).toMatchObject({
      ...{ response_type: 'code', code_challenge_method: 'S256' },
      ...{ state: expect.stringMatching(/.{20}/), nonce: expect.stringMatching(/.{20}/) },
      scope: 'openid email profile groups',
    });
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^rootcellar-provider=.*HttpOnly; SameSite=Lax$/),
    ]);
  });

  it('that is not there is not there', async () => {
    const { headers } = await service.http.send({ path: '/sign-in/provider/other' });

    expect(headers.location).toBe(problem('NOT_FOUND'));
  });
});

describe('an identity', () => {
  it('that nobody connected signs nobody in, though its address is in use here', async () => {
    await provider.know({ mallory: ADA });

    const answer = await signIn('mallory');

    expect(answer.headers.location).toBe(problem('PROVIDER_NOT_LINKED'));
    expect(sessionCookieOf(answer)).toBeUndefined();
  });

  it('gets the same answer when nobody here has its address', async () => {
    await provider.know({ eve: { ...ADA, email: 'eve@example.org' } });

    expect((await signIn('eve')).headers.location).toBe(problem('PROVIDER_NOT_LINKED'));
  });

  it('signs in once who is signed in has connected it, and goes where it was wanted', async () => {
    await provider.know({ ada: ADA });
    const linked = await link('ada');
    expect(linked.headers.location).toBe('/account');

    const answer = await signIn('ada', '?returnTo=/approve%23ABCD');

    expect(answer.headers.location).toBe('/approve#ABCD');
    expect(await me(answer)).toMatchObject({ email: ADA.email, role: 'admin' });
  });

  it('never leads to another site', async () => {
    await provider.know({ ada: ADA });
    await link('ada');

    for (const to of ['https://evil.example', '//evil.example', '/\\evil.example'])
      expect((await signIn('ada', `?returnTo=${encodeURIComponent(to)}`)).headers.location).toBe(
        '/',
      );
  });

  it('is not connected by a link from elsewhere, nor by who is not signed in', async () => {
    const { cookie } = await signedInBrowser(service);
    const headers = { cookie, 'sec-fetch-site': 'cross-site' };
    const foreign = await service.http.send({ path: `${START}?link=1`, headers });
    const nobody = await service.http.send({
      ...{ path: `${START}?link=1`, headers: { 'sec-fetch-site': 'same-origin' } },
    });

    expect(foreign.headers.location).toBe(problem('NOT_SIGNED_IN'));
    expect(nobody.headers.location).toBe(problem('NOT_SIGNED_IN'));
  });

  it('belongs to one account', async () => {
    groupRoles.push({ group: 'family', householdId, role: 'member' });
    await provider.know({ carl: { ...ADA, email: 'carl@example.org', groups: ['family'] } });
    expect((await signIn('carl')).headers.location).toBe('/');

    expect((await link('carl')).headers.location).toBe(problem('PROVIDER_NOT_LINKED'));
  });
});

describe('what comes back from the provider', () => {
  beforeEach(async () => {
    await provider.know({ ada: ADA });
    await link('ada');
  });

  it.each([
    ['another state', 'state', 'x'.repeat(43)],
    ['another issuer', 'iss', 'https://evil.example'],
    ['another code', 'code', 'x'.repeat(43)],
    ['an error', 'error', 'access_denied'],
  ])('with %s is refused', async (_, parameter, value) => {
    const browser = walker('ada');
    const callback = await callbackOf(browser);
    callback.searchParams.set(parameter, value);

    const answer = await browser.get(callback.href);

    expect(answer.headers.location).toBe(problem('PROVIDER_FAILED'));
    expect(sessionCookieOf(answer)).toBeUndefined();
  });

  it('with another nonce is refused', async () => {
    const browser = walker('ada');
    const changed = (url: URL): void => url.searchParams.set('nonce', 'of-another-sign-in');

    const answer = await browser.get((await callbackOf(browser, { changed })).href);

    expect(answer.headers.location).toBe(problem('PROVIDER_FAILED'));
  });

  it('to another browser than began it is refused', async () => {
    const callback = await callbackOf(walker('ada'));
    const other = walker('ada');
    expect((await other.get(callback.href)).headers.location).toBe(problem('SIGN_IN_EXPIRED'));
    await callbackOf(other);

    expect((await other.get(callback.href)).headers.location).toMatch(/problem=/);
  });

  it('is good once, and not for long', async () => {
    const browser = walker('ada');
    const callback = await callbackOf(browser);
    const ticket = browser.cookies.get(service.url)?.get('rootcellar-provider') ?? '';
    expect(sessionCookieOf(await browser.get(callback.href))).toBeDefined();
    browser.cookies.get(service.url)?.set('rootcellar-provider', ticket);
    expect((await browser.get(callback.href)).headers.location).toMatch(/problem=/);

    const late = walker('ada');
    const lateCallback = await callbackOf(late);
    service.clock.pass(601);
    const answer = await late.get(lateCallback.href);
    expect(answer.headers.location).toBe(problem('SIGN_IN_EXPIRED'));
  });
});

describe('groups', () => {
  const BOB = { name: 'Bob', email: 'bob@example.org', email_verified: true };
  const roleOf = async (answer: HttpAnswer): Promise<unknown> => (await me(answer))['role'];

  it('make who is in one a member, with the widest role, anew at each sign-in', async () => {
    groupRoles.push(
      { group: 'parents', householdId, role: 'admin' },
      { group: 'family', householdId, role: 'member' },
      { group: 'children', householdId, role: 'limited' },
    );
    const roles: unknown[] = [];
    for (const groups of [['children'], ['family', 'parents'], ['children', 'family'], []]) {
      await provider.know({ bob: { ...BOB, groups } });
      roles.push(await roleOf(await signIn('bob')));
    }
    await provider.know({ bob: { ...BOB, groups: ['parents'] } });
    await signIn('bob');
    await provider.know({ bob: { ...BOB, groups: [] } });
    roles.push(await roleOf(await signIn('bob')));

    expect(roles).toEqual(['limited', 'admin', 'member', 'member', 'member']);
  });

  it('give nobody an account whose address nobody verified, or is in use', async () => {
    groupRoles.push({ group: 'family', householdId, role: 'member' });
    const groups = ['family'];
    await provider.know({
      dora: { ...BOB, email: 'dora@example.org', email_verified: false, groups },
      mallory: { ...ADA, groups },
    });

    for (const person of ['dora', 'mallory'])
      expect((await signIn(person)).headers.location).toBe(problem('PROVIDER_NOT_LINKED'));
  });

  it('never take the last administrator away, nor bring back who was removed', async () => {
    await provider.know({ ada: { ...ADA, groups: [] } });
    await link('ada');
    groupRoles.push({ group: 'family', householdId, role: 'member' });
    expect(await roleOf(await signIn('ada'))).toBe('admin');

    const fred = { ...BOB, email: 'fred@example.org', groups: ['family'] };
    await provider.know({ fred });
    const { memberId } = await me(await signIn('fred'));
    const { database } = service.opened;
    await database.query('update member set removed_at = now() where id = $1', [memberId]);
    await signIn('fred');

    const found = await database.query<object[]>(
      `select from member join account on account.id = account_id where account.email = 'fred@example.org' and removed_at is null`,
    );
    expect(found).toEqual([]);
  });
});
