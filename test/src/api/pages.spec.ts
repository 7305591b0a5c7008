import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, makeTemporaryFolder, startServiceProcess } from '@rootcellar/testkit';
import type { ServiceProcess, TemporaryFolder } from '@rootcellar/testkit';

let room: TemporaryFolder;
let service: ServiceProcess;
let setupToken: string;
beforeAll(async () => {
  room = await makeTemporaryFolder('rootcellar pages');
  service = await startServiceProcess({ data: join(room.path, 'data') });
  setupToken = (await readFile(service.setupTokenFile, 'utf8')).trim();
});
afterAll(async () => {
  await service.stop();
  await room.remove();
});

const PAGES = ['/', '/setup'];

const PERSON = { household: 'The Potatoes', name: 'Grace', email: 'grace@example.net' };

interface SeenPage {
  readonly response: Response;
  readonly html: string;
  /** Directives of its content security policy. */
  readonly policy: ReadonlyMap<string, readonly string[]>;
}

async function open(path: string): Promise<SeenPage> {
  const response = await fetch(`${service.url}${path}`, { redirect: 'error' });
  const policy = (response.headers.get('content-security-policy') ?? '').split('; ');
  return {
    response,
    html: await response.text(),
    policy: new Map(
      policy.map((directive) => {
        const [name = '', ...sources] = directive.split(' ');
        return [name, sources];
      }),
    ),
  };
}

/** As a browser computes it: of the text between the tags. */
function hashesOf(html: string, tag: string): string[] {
  return [...html.matchAll(new RegExp(`<${tag}[^>]*>([^]*?)</${tag}>`, 'g'))].map(
    ([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`,
  );
}

/** The state decides which parts show. */
function stateOf({ html }: SeenPage): string | undefined {
  return /<body data-state="(\w+)">/.exec(html)?.[1];
}

async function setUp(body: Readonly<Record<string, string>>): Promise<Response> {
  return fetch(`${service.url}/api/v1/setup`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
}

describe.each(PAGES)('the page %s', (path) => {
  it('comes without a sign-in, to be kept by nobody and framed by nobody', async () => {
    const { response, policy } = await open(path);

    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    });
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
  });

  it('runs the scripts and styles in it and no others', async () => {
    const { html, policy } = await open(path);

    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('script-src')).toEqual(hashesOf(html, 'script'));
    expect(policy.get('style-src')).toEqual(hashesOf(html, 'style'));
    expect(hashesOf(html, 'script')).not.toEqual([]);
    expect(policy.get('connect-src')).toEqual(["'self'"]);
    // What these hashes do not cover would not work: handlers and styles in attributes, files from elsewhere.
    expect(html).not.toMatch(/<[^>]*\s(on\w+|style|src)=/);
  });

  it('lets no form go anywhere by itself, so that a password cannot get into an address', async () => {
    const { policy } = await open(path);

    expect(policy.get('form-action')).toEqual(["'none'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
  });

  it('holds neither the token nor where the data lie', async () => {
    const { html } = await open(path);

    expect(setupToken).toHaveLength(43);
    expect(html).not.toContain(setupToken);
    expect(html).not.toContain(room.path);
  });

  it('takes nothing out of the request', async () => {
    const plain = await open(path);

    const asked = await open(`${path}?name=%3Cscript%3E&token=${setupToken}`);

    expect(asked.html).toBe(plain.html);
  });

  it('is no part of the described API', async () => {
    const document = (await (await fetch(`${service.url}/api/openapi.json`)).json()) as {
      readonly paths: Readonly<Record<string, unknown>>;
    };

    expect(Object.keys(document.paths)).toContain('/api/v1/setup');
    expect(Object.keys(document.paths)).not.toContain(path);
  });
});

describe('the set-up page', () => {
  it('asks for passwords as long as the API wants them', async () => {
    const shortest = Number(/PASSWORD_MIN = (\d+)/.exec((await open('/setup')).html)?.[1]);

    const refused = await setUp({
      ...PERSON,
      setupToken,
      password: 'a'.repeat(shortest - 1),
    });

    expect(refused.status).toBe(422);
    expect(await refused.json()).toMatchObject({
      detail: `A password has at least ${shortest} characters.`,
    });
  });

  it('is about setting up until that is done, and then about what is next, without a name of anybody', async () => {
    expect(stateOf(await open('/'))).toBe('new');
    expect(stateOf(await open('/setup'))).toBe('form');

    // What the page sends, down to the last property: those the API does not know it refuses.
    const done = await setUp({
      ...PERSON,
      ...{ setupToken, password: PASSWORD },
      ...{ timeZone: 'Europe/Berlin', computerName: 'set-up page' },
    });

    expect(done.status).toBe(201);
    const home = await open('/');
    const setup = await open('/setup');
    expect([stateOf(home), stateOf(setup)]).toEqual(['ready', 'done']);
    for (const { html } of [home, setup]) {
      expect(html).toContain('npx rootcellar login');
      for (const word of Object.values(PERSON)) expect(html).not.toContain(word);
    }

    // It ends the sign-in that set-up gives.
    const { token } = (await done.json()) as { readonly token: string };
    const headers = { authorization: `Bearer ${token}` };
    const ended = await fetch(`${service.url}/api/v1/sessions/current`, {
      method: 'DELETE',
      headers,
    });
    expect(ended.status).toBe(204);
    expect((await fetch(`${service.url}/api/v1/me`, { headers })).status).toBe(401);
  });
});
