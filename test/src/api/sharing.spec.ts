import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { buildBackup, buildPackage } from '@rootcellar/ios/testing';
import { PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Agent, Household } from '@rootcellar/testkit';
import { jsonRequest, signedInHttp } from './http.js';
import type { Http } from './http.js';
import { entriesOfFolder, framesOf, openRawUpload } from './raw-upload.js';
import type { CommitAnswer } from './raw-upload.js';
import { signInSecondMember } from './second-member.js';

const BOB = { email: 'bob@example.org', role: 'member' } as const;
const UDID = '00008110-0000000000000B0B';

let household: Household;
let ada: Http;
let bob: Http;
let computer: Agent;
let phone: string;
let bobId: string;
let artifactId: string;
beforeAll(async () => {
  household = await openHousehold();
  const { agent, room, service } = household;
  ada = await signedInHttp(service.url);
  phone = (await buildBackup(join(room, 'ada'), { deviceName: 'Ada’s Phone' })).folder;
  await agent.ok('push', phone);
  const packageFile = join(room, 'app.ipa');
  await writeFile(packageFile, buildPackage());
  artifactId = (await agent.ok('app', 'add', packageFile)).items[0]?.artifactId ?? '';
  bob = await signInSecondMember(service, BOB);
  bobId = (await bob.json<Schemas['ProfileDto']>({ path: '/api/v1/me' })).memberId ?? '';
  computer = household.newAgent('bob');
  const password = join(room, 'password of Bob');
  await writeFile(password, PASSWORD);
  await computer.ok('login', '--email', BOB.email, '--password-file', password);
});
afterAll(async () => {
  expect(household.service.lastWords()).not.toContain('"code":"INTERNAL"');
  await household.close();
});

const trailOf = async (http: Http): Promise<Schemas['AuditLineDto'][]> =>
  (await http.json<Schemas['AuditPageDto']>({ path: '/api/v1/audit?limit=1000' })).items;

describe('who knows the names of another’s chunks', () => {
  it('is told nothing by asking or committing, and has to have the bytes', async () => {
    const { entries, chunks } = entriesOfFolder(phone);
    const bytes = chunks.map((chunk) => chunk.bytes);
    const upload = await openRawUpload(bob, { kind: 'snapshot', udid: UDID, deviceName: 'X' });

    const asked = await upload.held(...bytes);
    const named = JSON.parse((await upload.commit(entries)).body.toString()) as CommitAnswer;
    await upload.post('chunks', framesOf(chunks));
    const shown = await upload.held(...bytes);

    expect(new Set(asked)).toEqual(new Set([false]));
    expect(named.status).toBe('missing');
    expect(named.missing).toHaveLength(new Set(bytes.map((one) => one.toString('hex'))).size);
    expect(new Set(shown)).toEqual(new Set([true]));
  });
});

describe('a quota', () => {
  it('without room refuses a push before anything is sent, and warns before it is full', async () => {
    const { agent, room } = household;
    const { folder } = await buildBackup(join(room, 'bob'), { udid: UDID, deviceName: 'Pad' });
    await agent.ok('member', 'quota', 'Bob', '1k');

    const refused = await computer.run('push', folder);

    expect(refused.code).toBe(75);
    expect(refused.json()).toMatchObject({
      error: { code: 'QUOTA_EXCEEDED', details: { sentBytes: 0, quotaBytes: 1024 } },
    });
    expect((await computer.ok('snapshot', 'list')).items).toEqual([]);
    await agent.ok('member', 'quota', 'Bob', 'none');
    await computer.ok('push', folder);
    const { use } = await bob.json<Schemas['StorageDto']>({ path: '/api/v1/storage' });
    expect(use).toMatchObject({
      household: null,
      members: [{ memberId: bobId, quotaBytes: null }],
    });
    const size = String(Math.ceil((use.members[0]?.usedBytes ?? 0) / 0.97));
    await agent.ok('member', 'quota', bobId, size);
    const warned = await computer.run('push', folder);
    expect([warned.code, warned.stderr]).toEqual([0, expect.stringContaining('more than 95 %')]);
    expect((await trailOf(bob)).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['quota-set', 'quota-reached']),
    );
  });
});

describe('the audit trail', () => {
  it('tells whose package was fetched by another, from where, and others nothing of it', async () => {
    const headers = { 'user-agent': 'a browser' };
    await bob.send({ path: `/api/v1/artifacts/${artifactId}/content`, headers });

    const [line] = (await trailOf(ada)).filter(({ action }) => action === 'downloaded');

    expect(line).toMatchObject({
      ...{ member: 'Bob', concerns: 'Ada', subjectKind: 'artifact', subjectId: artifactId },
      ...{ fromAddress: expect.stringMatching(/^(127\.0\.0\.1|::1)$/), fromAgent: 'a browser' },
    });
    const seenByBob = await trailOf(bob);
    expect(seenByBob.every(({ member, concerns }) => [member, concerns].includes('Bob'))).toBe(
      true,
    );
  });

  it('tells from where a person was invited, something was shared, and a device was changed', async () => {
    const { items } = await ada.json<Schemas['SnapshotPageDto']>({ path: '/api/v1/snapshots' });
    const devices = await ada.json<Schemas['DevicePageDto']>({ path: '/api/v1/devices' });
    const until = new Date(Date.now() + 86_400_000).toISOString();
    const [rootId, deviceId] = [items[0]?.id, devices.items[0]?.id ?? ''];
    const token = { name: 'a machine', scope: 'push' };
    for (const request of [
      jsonRequest('/api/v1/invitations', { role: 'member' }),
      jsonRequest('/api/v1/shares', { rootId, withMemberId: bobId, until }),
      jsonRequest(`/api/v1/devices/${deviceId}`, { name: 'Of Ada' }, 'PATCH'),
      jsonRequest(`/api/v1/members/${bobId}`, { name: 'Bobby' }, 'PATCH'),
      jsonRequest(`/api/v1/members/${bobId}`, { name: 'Bob' }, 'PATCH'),
      jsonRequest('/api/v1/tokens', token),
    ])
      await ada.send({ ...request, headers: { ...request.headers, 'user-agent': 'a browser' } });

    const trail = await trailOf(ada);

    for (const action of ['invited', 'shared', 'device-renamed', 'token-created']) {
      expect(trail.find((line) => line.action === action)).toMatchObject({
        ...{ member: 'Ada', fromAgent: 'a browser', signIn: expect.any(String) },
        fromAddress: expect.stringMatching(/^(127\.0\.0\.1|::1)$/),
      });
    }
    const renamed = (await trailOf(bob)).find(({ action }) => action === 'renamed');
    expect(renamed).toMatchObject({ concerns: 'Bob', fromAgent: 'a browser' });
  });

  it('is exported whole as CSV and as JSON, and that is told too', async () => {
    const export_ = async (format: string): Promise<string> =>
      (await ada.send({ path: `/api/v1/audit/export?format=${format}` })).body.toString();

    const csv = (await export_('csv')).trimEnd().split('\r\n');
    const lines = JSON.parse(await export_('json')) as { action: string; seq: number }[];

    expect(csv[0]).toMatch(/^seq,at,member,/);
    expect(lines).toHaveLength(csv.length);
    expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, at) => at + 1));
    expect(lines.at(-1)?.action).toBe('trail-exported');
    const verified = await ada.json<Schemas['AuditVerificationDto']>({
      path: '/api/v1/audit/verify',
    });
    expect(verified).toMatchObject({ intact: true, lines: lines.length, broken: null });
  });

  it('has the settings that were changed', async () => {
    const change = jsonRequest('/api/v1/household', { dedup: 'member' }, 'PUT');
    expect((await ada.send(change)).status).toBe(204);

    expect(await ada.json({ path: '/api/v1/household' })).toMatchObject({
      ...{ dedup: 'member', quotaBytes: null },
    });
    expect((await trailOf(ada))[0]).toMatchObject({ action: 'sharing-set', member: 'Ada' });
    const report = await bob.json<Schemas['StorageDto']>({ path: '/api/v1/storage' });
    const [own] = report.use.members;
    expect(own?.freesBytes).toBe(own?.usedBytes);
  });
});
