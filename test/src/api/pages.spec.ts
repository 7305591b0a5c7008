import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { makeTemporaryFolder, startServiceProcess } from '@rootcellar/testkit';
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

const PAGES = ['/', '/setup', '/sign-in', '/approve', '/invitation', '/account'];

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

const nonceOf = ({ html }: SeenPage): string => /nonce="([^"]*)"/.exec(html)?.[1] ?? '';

function filesOf({ html }: SeenPage): string[] {
  return [...html.matchAll(/(?:src|href)="([^"]*)"/g)].map(([, path = '']) => path);
}

/** Without `fetch`, which asks for encodings of its own and unpacks them. */
async function take(
  path: string,
  acceptEncoding: string,
): Promise<{ readonly encoding: string | undefined; readonly bytes: Buffer }> {
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': acceptEncoding };
    request(`${service.url}${path}`, { headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on('data', (piece: Buffer) => pieces.push(piece));
      response.on('error', reject).on('end', () => {
        const encoding = response.headers['content-encoding'];
        resolve({ encoding, bytes: Buffer.concat(pieces) });
      });
    })
      .on('error', reject)
      .end();
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
      'cross-origin-opener-policy': 'same-origin',
    });
    expect(policy.get('frame-ancestors')).toEqual(["'none'"]);
  });

  it('runs files of the service as scripts and nothing else', async () => {
    const page = await open(path);
    const { html, policy } = page;

    expect(policy.get('default-src')).toEqual(["'none'"]);
    expect(policy.get('script-src')).toEqual(["'self'"]);
    expect(policy.get('style-src')).toEqual(["'self'", `'nonce-${nonceOf(page)}'`]);
    expect(policy.get('connect-src')).toEqual(["'self'"]);
    // What this policy forbids would not work: scripts and handlers in the document, files from elsewhere.
    expect(html).not.toMatch(/<script[^>]*>[^<]/);
    expect(html).not.toMatch(/<[^>]*\s(on\w+|style)=/);
    for (const file of filesOf(page)) expect(file).toMatch(/^\/assets\//);
  });

  it('lets no form go anywhere by itself, so that a password cannot get into an address', async () => {
    const { policy } = await open(path);

    expect(policy.get('form-action')).toEqual(["'none'"]);
    expect(policy.get('base-uri')).toEqual(["'none'"]);
  });

  it('is the same for everybody, whatever the request says, but for a nonce that nobody can foresee', async () => {
    const plain = await open(path);

    const asked = await open(`${path}?name=%3Cscript%3E&token=${setupToken}`);

    expect(nonceOf(plain)).toMatch(/^[\w-]{22}$/);
    expect(nonceOf(asked)).not.toBe(nonceOf(plain));
    expect(asked.html.replaceAll(nonceOf(asked), '')).toBe(
      plain.html.replaceAll(nonceOf(plain), ''),
    );
    expect(setupToken).toHaveLength(43);
    expect(asked.html).not.toContain(setupToken);
    expect(asked.html).not.toContain(room.path);
  });

  it('is no part of the described API', async () => {
    const document = (await (await fetch(`${service.url}/api/openapi.json`)).json()) as {
      readonly paths: Readonly<Record<string, unknown>>;
    };

    expect(Object.keys(document.paths)).toContain('/api/v1/setup');
    expect(Object.keys(document.paths)).not.toContain(path);
  });
});

describe('the files of the pages', () => {
  it('are kept by browsers for ever, and come in the smallest form that is understood', async () => {
    for (const path of filesOf(await open('/'))) {
      const response = await fetch(`${service.url}${path}`);
      const plain = await take(path, 'identity');
      const small = await take(path, 'gzip, deflate, br');
      const older = await take(path, 'gzip');
      const refused = await take(path, 'gzip, br;q=0');

      expect(path).toMatch(/-[\w-]{8}\.(js|css|svg)$/);
      expect(Object.fromEntries(response.headers)).toMatchObject({
        'cache-control': 'public, max-age=31536000, immutable',
        'x-content-type-options': 'nosniff',
        'content-type': expect.stringMatching(/^(text\/(javascript|css)|image\/svg)/),
      });
      expect(plain.encoding).toBeUndefined();
      expect(small.encoding).toBe('br');
      expect(brotliDecompressSync(small.bytes)).toEqual(plain.bytes);
      expect(older.encoding).toBe('gzip');
      expect(gunzipSync(older.bytes)).toEqual(plain.bytes);
      expect(refused.encoding).toBe('gzip');
    }
  });

  it('name no other host', async () => {
    for (const path of filesOf(await open('/'))) {
      const text = (await take(path, 'identity')).bytes.toString();

      expect(text).not.toMatch(/(fonts\.g|cdn\.|unpkg|jsdelivr|@import)/);
    }
  });

  it.each([
    '/assets/',
    '/assets/nothing.js',
    '/assets/index.html',
    '/assets/..%2Findex.html',
    '/assets/..%2F..%2F..%2Fpackage.json',
    '/assets/__proto__',
  ])('are no others: %s is not found', async (path) => {
    expect((await fetch(`${service.url}${path}`)).status).toBe(404);
  });
});
