import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HttpAnswer } from './http.js';
import { openSignInService } from './sign-in-service.js';
import type { SignInService } from './sign-in-service.js';

let service: SignInService;
let routes: readonly string[];
beforeAll(async () => {
  service = await openSignInService();
  const { paths } = await service.http.json<{ paths: Record<string, object> }>({
    path: '/api/openapi.json',
  });
  routes = Object.entries(paths).flatMap(([path, methods]) =>
    Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
  );
});
afterAll(async () => service[Symbol.asyncDispose]());

const UNKNOWN = '0197a000-0000-7000-8000-000000000000';

async function answerOf(route: string): Promise<HttpAnswer> {
  const [method = '', path = ''] = route.split(' ');
  return service.http.send({ method, path: path.replaceAll(/\{\w+\}/g, UNKNOWN) });
}

describe('every answer', () => {
  it('of the API is for nobody to keep, frame, run or guess the type of', async () => {
    expect(routes.length).toBeGreaterThan(30);
    for (const route of [...routes, 'GET /api/v1/nothing', 'GET /api/openapi.json']) {
      const { headers } = await answerOf(route);

      expect([route, headers]).toEqual([
        route,
        expect.objectContaining({
          'content-security-policy': expect.stringMatching(
            /^default-src 'none'; .*frame-ancestors 'none'$/,
          ),
          'x-content-type-options': 'nosniff',
          'x-frame-options': 'DENY',
          'referrer-policy': 'no-referrer',
          'cross-origin-opener-policy': 'same-origin',
          'cross-origin-resource-policy': 'same-origin',
          'cache-control': expect.stringContaining('no-store'),
        }),
      ]);
      expect(headers).not.toHaveProperty('strict-transport-security');
      expect(headers).not.toHaveProperty('access-control-allow-origin');
    }
  });

  it('of a page allows no script but those it comes with', async () => {
    for (const path of ['/', '/setup', '/api/docs']) {
      const { status, headers } = await service.http.send({ path });
      const policy = headers['content-security-policy'] ?? '';

      expect([path, status]).toEqual([path, 200]);
      const scripts = /script-src ([^;]*)/.exec(String(policy))?.[1];
      expect(scripts).toBeDefined();
      expect(scripts).not.toMatch(/unsafe|\*|https?:/);
      expect(policy).toContain("frame-ancestors 'none'");
    }
  });

  it('of the documentation carries nothing that its policy forbids', async () => {
    const { body } = await service.http.send({ path: '/api/docs' });

    const scripts = [...body.toString().matchAll(/<script([^>]*)>([^]*?)<\/script>/g)];
    expect(scripts.length).toBeGreaterThan(1);
    for (const [, attributes, text = ''] of scripts) {
      expect(attributes).toContain('src="./');
      expect(text.trim()).toBe('');
    }
    expect(body.toString()).not.toMatch(/\son\w+=/);
  });
});

it('browsers are held to TLS where it is, and only there', async () => {
  await using secure = await openSignInService({ publicUrl: 'https://cellar.example' });

  const { headers } = await secure.http.send({ path: '/health/live' });

  expect(headers['strict-transport-security']).toBe('max-age=31536000');
});

it('the scheme that a proxy tells is believed of a proxy that is trusted', async () => {
  await using trusting = await openSignInService({ trustedProxies: 1 });
  const told = { path: '/health/live', headers: { 'x-forwarded-proto': 'https' } };

  const seen = [await trusting.http.send(told), await service.http.send(told)];

  expect(seen.map(({ headers }) => 'strict-transport-security' in headers)).toEqual([true, false]);
});

it('a client that asks for too much at a time is told to wait, and nobody else', async () => {
  const { token } = await service.http.json<{ token: string }>({
    ...{ method: 'POST', path: '/api/v1/sessions' },
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ email: 'ada@example.org', password: 'correct horse battery staple' }),
  });
  const begun = Array.from({ length: 49 }, () =>
    service.http.begin({
      ...{ method: 'POST', path: `/api/v1/uploads/${UNKNOWN}/chunks` },
      headers: { authorization: `Bearer ${token}`, 'content-length': '1000' },
    }),
  );
  const first = await new Promise<number | undefined>((resolve) => {
    for (const request of begun) {
      request.on('error', () => undefined);
      request.on('response', ({ statusCode }) => {
        if (statusCode === 503) resolve(statusCode);
      });
      request.flushHeaders();
    }
  });

  expect(first).toBe(503);
  const me = await service.http.send({
    path: '/api/v1/me',
    headers: { authorization: `Bearer ${token}` },
  });
  expect(me.status).toBe(200);
  for (const request of begun) request.destroy();
});
