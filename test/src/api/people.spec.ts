import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { httpOf, jsonRequest, signedInHttp, verifyProblem } from './http.js';
import type { Http, HttpAnswer } from './http.js';

let household: Household;
let open: Http;
/** The operator, and administrator of the first household. */
let ada: Http;
beforeAll(async () => {
  household = await openHousehold();
  open = httpOf(household.service.url);
  ada = await signedInHttp(household.service.url);
});
afterAll(async () => household.close());

interface Me {
  readonly memberId: string | null;
  readonly householdId: string | null;
  readonly role: string | null;
  readonly households: readonly { readonly householdId: string; readonly householdName: string }[];
}

async function post<T>(http: Http, path: string, body: unknown): Promise<T> {
  return http.json<T>(jsonRequest(path, body));
}

async function newInvitation(role = 'member'): Promise<string> {
  const { link } = await post<{ link: string }>(ada, '/api/v1/invitations', { role });
  return link.split('#')[1] ?? '';
}

async function accept(token: string, name: string, more: object = {}): Promise<HttpAnswer> {
  const person = { token, name, email: `${name}@example.org`, password: PASSWORD, ...more };
  return open.send(jsonRequest('/api/v1/invitations/accept', person));
}

async function newMember(name: string, role = 'member'): Promise<Http> {
  const answer = await accept(await newInvitation(role), name);
  const { token } = JSON.parse(answer.body.toString()) as { token: string };
  return httpOf(household.service.url, token);
}

describe('an invitation', () => {
  it('is a link of this service whose secret no server is sent', async () => {
    const invited = await post<{ link: string; expiresAt: string }>(ada, '/api/v1/invitations', {
      role: 'limited',
    });

    expect(invited.link).toMatch(/\/invitation#rc_[\w-]{43}$/);
    expect(invited.link.startsWith(household.service.url)).toBe(true);
    const days = (Date.parse(invited.expiresAt) - Date.now()) / 86_400_000;
    expect(days).toBeCloseTo(7, 1);
  });

  it('makes a browser’s session with a cookie, and tells its token to no script', async () => {
    const answer = await accept(await newInvitation(), 'Cleo', { as: 'cookie' });

    expect(JSON.parse(answer.body.toString())).toMatchObject({ status: 'signed-in', token: null });
    const [cookie = ''] = answer.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/HttpOnly/);
    const session = cookie.split(';')[0] ?? '';
    const me = await open.json<Me>({ path: '/api/v1/me', headers: { cookie: session } });
    expect(me).toMatchObject({ role: 'member', households: [{ householdName: 'Test' }] });
  });

  it('is listed and taken back by administrators', async () => {
    const { id, link } = await post<{ id: string; link: string }>(ada, '/api/v1/invitations', {
      ...{ role: 'member', name: 'Uncle' },
    });
    const { items } = await ada.json<{ items: { id: string; name: string }[] }>({
      path: '/api/v1/invitations',
    });
    expect(items.find((each) => each.id === id)).toMatchObject({ name: 'Uncle', invitedBy: 'Ada' });
    const bea = await newMember('Bea');
    verifyProblem(await bea.send({ path: '/api/v1/invitations' }), 403, 'FORBIDDEN');

    const gone = await ada.send({ method: 'DELETE', path: `/api/v1/invitations/${id}` });

    expect(gone.status).toBe(204);
    const token = link.split('#')[1];
    const look = await open.send(jsonRequest('/api/v1/invitations/look', { token }));
    verifyProblem(look, 404, 'NOT_FOUND');
  });

  it('refuses what is no person, and what is too long', async () => {
    const token = await newInvitation();
    for (const more of [
      { email: 'nobody' },
      { password: 'short' },
      { name: 'x'.repeat(101) },
      { password: 'x'.repeat(2000) },
      { role: 'admin' },
    ])
      verifyProblem(await accept(token, 'Dora', more), 422, 'INPUT_INVALID');
    expect((await accept(token, 'Dora')).status).toBe(200);
  });
});

describe('members', () => {
  it('see each other, and of the others no sizes, addresses or plans', async () => {
    const fred = await newMember('Fred');

    const { items } = await fred.json<{ items: Record<string, unknown>[] }>({
      path: '/api/v1/members',
    });

    const [self] = items.filter(({ name }) => name === 'Fred');
    expect(self).toMatchObject({ email: 'Fred@example.org', logicalBytes: 0 });
    const first = items.find(({ name }) => name === 'Ada');
    expect(first).toMatchObject({
      ...{ role: 'admin', email: null, lastBackupAt: null, logicalBytes: null, handOverTo: null },
    });
    const all = await ada.json<typeof items extends infer T ? { items: T } : never>({
      path: '/api/v1/members',
    });
    expect(all.items.find(({ name }) => name === 'Fred')).toMatchObject({ logicalBytes: 0 });
  });

  it('who leave may read, and change nothing', async () => {
    const gil = await newMember('Gil');
    const { memberId } = await gil.json<Me>({ path: '/api/v1/me' });
    const path = `/api/v1/members/${String(memberId)}/remove`;
    const asked = { data: 'export', until: new Date(Date.now() + 86_400_000).toISOString() };
    verifyProblem(await ada.send(jsonRequest(path, asked)), 409, 'CONFIRMATION_NEEDED');

    const ended = await post(ada, path, { ...asked, confirm: ['Gil'] });

    expect(ended).toMatchObject({ status: 'leaving', until: asked.until });
    const me = await gil.json<Me>({ path: '/api/v1/me' });
    expect(me).toMatchObject({ leavingUntil: asked.until });
    expect((await gil.send({ path: '/api/v1/snapshots' })).status).toBe(200);
    const upload = { kind: 'snapshot', udid: 'f'.repeat(40), deviceName: 'Phone' };
    for (const request of [
      jsonRequest('/api/v1/uploads', upload),
      jsonRequest('/api/v1/members/me/leave', { data: 'bin', confirm: ['Test'] }),
      { method: 'PATCH', path: `/api/v1/members/${String(memberId)}`, body: '{}' },
      { method: 'POST', path: `/api/v1/snapshots/${String(memberId)}/pin` },
    ])
      verifyProblem(await gil.send(request), 403, 'MEMBER_LEAVING');
    const wanted = { name: 'x', scope: 'push' };
    verifyProblem(await gil.send(jsonRequest('/api/v1/tokens', wanted)), 403, 'MEMBER_LEAVING');
  });
});

describe('the operator', () => {
  it('makes a household, and has no way into it', async () => {
    const wanted = { name: 'Next door', timeZone: 'Europe/Berlin' };
    const created = await post<{ householdId: string; link: string }>(
      ada,
      '/api/v1/households',
      wanted,
    );
    const token = created.link.split('#')[1] ?? '';
    const answer = await accept(token, 'Nora');
    const signedIn = JSON.parse(answer.body.toString()) as { token: string };
    const nora = httpOf(household.service.url, signedIn.token);

    expect(await nora.json({ path: '/api/v1/me' })).toMatchObject({
      ...{ role: 'admin', operator: false, householdName: 'Next door' },
    });
    const { householdId } = created;
    const use = jsonRequest('/api/v1/sessions/current/household', { householdId }, 'PUT');
    verifyProblem(await ada.send(use), 404, 'NOT_FOUND');
    const { items } = await ada.json<{ items: { id: string }[] }>({ path: '/api/v1/households' });
    expect(items.find(({ id }) => id === householdId)).toEqual({
      ...{ id: householdId, name: 'Next door', timeZone: 'Europe/Berlin', members: 1 },
      ...{ storedBytes: 0, lastBackupAt: null, createdAt: expect.any(String) },
    });
    const accounts = await ada.json<{ items: object[] }>({ path: '/api/v1/accounts' });
    expect(accounts.items).toContainEqual(
      expect.objectContaining({
        ...{ email: 'Nora@example.org', operator: false },
        households: [{ householdId, householdName: 'Next door', role: 'admin' }],
      }),
    );
    for (const path of ['/api/v1/households', '/api/v1/accounts'])
      verifyProblem(await nora.send({ path }), 403, 'FORBIDDEN');
    verifyProblem(await nora.send(jsonRequest('/api/v1/households', wanted)), 403, 'FORBIDDEN');
  });
});

describe('a device code', () => {
  it('is answered with the page where it is approved', async () => {
    const asked = await post<Record<string, unknown>>(open, '/api/v1/device-codes', {
      clientName: 'laptop',
    });

    const { url } = household.service;
    expect(asked).toEqual({
      deviceCode: expect.stringMatching(/^rd_[\w-]{43}$/),
      userCode: expect.stringMatching(/^[A-Z]{4}-[A-Z]{4}$/),
      verificationUri: `${url}/approve`,
      verificationUriComplete: `${url}/approve#${String(asked['userCode'])}`,
      ...{ expiresIn: 600, interval: 5 },
    });
    const poll = jsonRequest('/api/v1/device-codes/token', { deviceCode: asked['deviceCode'] });
    verifyProblem(await open.send(poll), 409, 'AUTHORIZATION_PENDING');
    verifyProblem(await open.send(poll), 409, 'SLOW_DOWN');
    const look = jsonRequest('/api/v1/device-codes/look', { userCode: asked['userCode'] });
    verifyProblem(await open.send(look), 401, 'NOT_SIGNED_IN');
    expect(await ada.json(look)).toMatchObject({
      ...{ clientName: 'laptop', scope: 'admin', from: expect.stringContaining('127.0.0.1') },
    });
  });
});
