import { listen } from '@rootcellar/api';
import { createLogger } from '@rootcellar/platform';
import type { Config } from '@rootcellar/platform';
import { freePort } from '@rootcellar/testkit';
import { SET_UP, openTestArchive } from '../integration/test-archive.js';
import type { MoreSettings, TestArchive } from '../integration/test-archive.js';
import { httpOf, jsonRequest } from './http.js';
import type { Http, HttpAnswer } from './http.js';
import { movableClock } from './movable-clock.js';
import type { MovableClock } from './movable-clock.js';

/** The service in this process, set up, with a clock that can be put forward. */
export interface SignInService extends AsyncDisposable {
  /** `http://localhost:<port>`: passkeys work there. */
  readonly url: string;
  readonly clock: MovableClock;
  readonly opened: TestArchive;
  readonly http: Http;
  /** As a browser does: from a page of the service's own, with the cookie. */
  browser(cookie?: string): Browser;
}

/** What a page of the service may do. */
export interface Browser {
  send(method: string, path: string, body?: unknown): Promise<HttpAnswer>;
  json<T>(method: string, path: string, body?: unknown): Promise<T>;
}

export const CREDENTIALS = { email: SET_UP.email, password: SET_UP.password };

export async function openSignInService(
  settings: Partial<Pick<Config, 'publicUrl' | 'trustedProxies'>> &
    Pick<MoreSettings, 'providers'> & { readonly port?: number } = {},
): Promise<SignInService> {
  await using opening = new AsyncDisposableStack();
  const clock = movableClock();
  const { providers, ...http } = settings;
  const more = { clock, ...(providers === undefined ? {} : { providers }) };
  const opened = opening.use(await openTestArchive({ more }));
  const port = settings.port ?? (await freePort());
  const unset = { publicUrl: undefined, trustedProxies: undefined };
  const config = { ...unset, ...http, port, host: '127.0.0.1' };
  const app = await listen(opened, config, createLogger('error'));
  opening.defer(async () => app.close());
  const url = `http://localhost:${port}`;
  const closing = opening.move();
  return {
    ...{ url, clock, opened, http: httpOf(url) },
    browser: (cookie) => browserOf(url, cookie),
    [Symbol.asyncDispose]: async () => closing.disposeAsync(),
  };
}

function browserOf(url: string, cookie: string | undefined): Browser {
  const http = httpOf(url);
  const send: Browser['send'] = async (method, path, body) => {
    const request = body === undefined ? { method, path } : jsonRequest(path, body, method);
    // Node frames no body of a DELETE by itself.
    const length = request.body === undefined ? {} : { 'content-length': lengthOf(request.body) };
    const own = { origin: url, 'sec-fetch-site': 'same-origin' };
    const headers = { ...own, ...length, ...request.headers };
    return http.send({
      ...request,
      headers: cookie === undefined ? headers : { ...headers, cookie },
    });
  };
  return {
    send,
    async json<T>(method: string, path: string, body?: unknown) {
      const answer = await send(method, path, body);
      if (answer.status >= 300) throw new Error(`${answer.status}: ${answer.body.toString()}`);
      return JSON.parse(answer.body.toString()) as T;
    },
  };
}

function lengthOf(body: Uint8Array | string): string {
  return String(Buffer.byteLength(body));
}

/** `name=value` of the session cookie that an answer sets; undefined when it sets none. */
export function sessionCookieOf({ headers }: HttpAnswer): string | undefined {
  const set = headers['set-cookie']?.find((each) => /^(__Host-)?rootcellar=[^;]/.test(each));
  return set?.split(';')[0];
}

/** A browser that has signed in with the password. */
export async function signedInBrowser(service: SignInService): Promise<{
  readonly cookie: string;
  readonly browser: Browser;
}> {
  const body = { ...CREDENTIALS, as: 'cookie' };
  const answer = await service.browser().send('POST', '/api/v1/sessions', body);
  const cookie = sessionCookieOf(answer);
  if (cookie === undefined) throw new Error(`no cookie: ${answer.body.toString()}`);
  return { cookie, browser: service.browser(cookie) };
}
