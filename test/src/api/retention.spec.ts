import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Schemas } from '@rootcellar/client';
import { buildBackup, buildPackage } from '@rootcellar/ios/testing';
import { PASSWORD, openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { jsonRequest, signedInHttp, verifyProblem } from './http.js';
import type { Http, HttpRequest } from './http.js';
import { signInSecondMember } from './second-member.js';

const UNKNOWN = '0197a000-0000-7000-8000-000000000000';
const POLICY = { snapshots: { last: 1 } };
const BOB = { email: 'bob@example.org', role: 'member' } as const;

let household: Household;
let ada: Http;
let bob: Http;
let limited: Http;
/** Of Ada. */
let snapshotId: string;
let artifactId: string;
let ownId: string;
beforeAll(async () => {
  household = await openHousehold();
  const { agent, room, service } = household;
  ada = await signedInHttp(service.url);
  const packageFile = join(room, 'app.ipa');
  await writeFile(packageFile, buildPackage());
  artifactId = (await agent.ok('app', 'add', packageFile)).items[0]?.artifactId ?? '';
  const phone = await buildBackup(join(room, 'ada'), { deviceName: 'Ada’s Phone' });
  snapshotId = (await agent.ok('push', phone.folder)).snapshotId;
  bob = await signInSecondMember(service, BOB);
  limited = await signInSecondMember(service, { email: 'kim@example.org', role: 'limited' });
  const computer = household.newAgent('bob');
  const password = join(room, 'password of Bob');
  await writeFile(password, PASSWORD);
  await computer.ok('login', '--email', BOB.email, '--password-file', password);
  const udid = '00008110-0000000000000B0B';
  const pad = await buildBackup(join(room, 'bob'), { udid, deviceName: 'Bob’s Pad' });
  ownId = (await computer.ok('push', pad.folder)).snapshotId;
});
afterAll(async () => {
  expect(household.service.lastWords()).not.toContain('"code":"INTERNAL"');
  await household.close();
});

const get = (path: string): HttpRequest => ({ path: `/api/v1${path}` });
const post = (path: string, body: unknown = {}): HttpRequest => jsonRequest(`/api/v1${path}`, body);
const put = (path: string, body: unknown): HttpRequest =>
  jsonRequest(`/api/v1${path}`, body, 'PUT');

describe('a member who is no administrator', () => {
  it.each([
    ['sees no policy', get('/retention')],
    ['sets none', put('/retention', POLICY)],
    ['previews none', post('/retention/preview', { policy: POLICY })],
    ['applies no plan', post(`/retention/plans/${UNKNOWN}/apply`)],
    ['empties no bin', post('/bin/empty', { confirm: ['Test'] })],
    ['collects nothing', post('/maintenance/collect')],
    ['checks nothing', post('/maintenance/scrub')],
    ['runs no rules', post('/maintenance/retention')],
    ['sees no jobs', get('/jobs')],
    ['sees no job', get('/jobs/1')],
    ['stops no job', post('/jobs/1/cancel')],
    ['verifies no audit trail', get('/audit/verify')],
    ['gives nobody a quota', put(`/members/${UNKNOWN}/quota`, { bytes: 1 })],
    ['gives no household a quota', put(`/households/${UNKNOWN}/quota`, { bytes: null })],
    ['changes no settings', put('/household', { dedup: 'member' })],
    ['sees no history', get('/storage/history')],
  ])('%s', async (_, request) => {
    verifyProblem(await bob.send(request), 403, 'FORBIDDEN');
  });

  it('sees in the audit trail what they did, and nothing of what others did', async () => {
    await bob.json(post(`/snapshots/${ownId}/pin`));
    await bob.json(post(`/snapshots/${ownId}/unpin`));
    await ada.json(post(`/snapshots/${snapshotId}/pin`));
    await ada.json(post(`/snapshots/${snapshotId}/unpin`));

    const { items } = await bob.json<Schemas['AuditPageDto']>(get('/audit'));

    expect(items.map(({ subjectId }) => subjectId)).toEqual([ownId, ownId]);
  });

  it('finds nothing of another’s: not to pin, to forget, to bring back or to measure', async () => {
    for (const what of ['pin', 'unpin', 'forget', 'undo']) {
      const others = await bob.send(post(`/snapshots/${snapshotId}/${what}`));
      const none = await bob.send(post(`/snapshots/${UNKNOWN}/${what}`));
      const { detail } = verifyProblem(others, 404, 'NOT_FOUND');
      expect(verifyProblem(none, 404, 'NOT_FOUND').detail).toBe(detail);
      verifyProblem(await bob.send(post(`/artifacts/${artifactId}/${what}`)), 404, 'NOT_FOUND');
      // Nor is one kind the other.
      verifyProblem(await ada.send(post(`/artifacts/${snapshotId}/${what}`)), 404, 'NOT_FOUND');
    }
    verifyProblem(await bob.send(post('/storage/frees', { ids: [snapshotId] })), 404, 'NOT_FOUND');
    expect(await ada.json(get(`/snapshots/${snapshotId}`))).toMatchObject({ pinned: false });
  });

  it('sees no other’s device, bin or share in sizes', async () => {
    await ada.json(post(`/snapshots/${snapshotId}/forget`, { confirm: ['Test'] }));
    const bin = await bob.json<Schemas['BinPageDto']>(get('/bin'));
    await ada.json(post(`/snapshots/${snapshotId}/undo`));

    const report = await bob.json<Schemas['StorageDto']>(get('/storage'));
    const groups = await Promise.all(
      ['member', 'device', 'snapshot'].map(async (by) =>
        bob.json<Schemas['GroupStoragePageDto']>(get(`/storage/groups?by=${by}`)),
      ),
    );

    expect(bin.items).toEqual([]);
    expect(report).toMatchObject({ packs: null, forecast: null });
    expect(report.devices).toMatchObject([{ name: 'Bob’s Pad', items: 1 }]);
    expect(report.members).toMatchObject([{ name: 'Bob', items: 1 }]);
    expect(report.apps).toMatchObject([{ id: 'com.example.app', items: 1 }]);
    expect(groups.map(({ items }) => items.length)).toEqual([1, 1, 1]);
    expect(JSON.stringify([report, groups])).not.toMatch(/Ada/);
    const whole = await ada.json<Schemas['StorageDto']>(get('/storage'));
    expect(whole.devices.map(({ name }) => name).sort()).toEqual(['Ada’s Phone', 'Bob’s Pad']);
    expect(whole.members).toHaveLength(2);
  });

  it('has own snapshots in hand, and an administrator has, too', async () => {
    expect(await bob.json(post(`/snapshots/${ownId}/pin`))).toEqual({ id: ownId, pinned: true });
    expect(await ada.json(post(`/snapshots/${ownId}/unpin`))).toEqual({ id: ownId, pinned: false });
    const dry = await bob.json(post(`/snapshots/${ownId}/forget`, { dryRun: true }));
    expect(dry).toMatchObject({ dryRun: true, items: [{ id: ownId }], confirmations: [] });
    await bob.json(post(`/snapshots/${ownId}/forget`));
    const bin = await bob.json<Schemas['BinPageDto']>(get('/bin'));
    expect(bin.items).toMatchObject([{ id: ownId, kind: 'snapshot', rule: null }]);
    await bob.json(post(`/snapshots/${ownId}/undo`));
  });

  it('may say what an app wants, unless the member is limited', async () => {
    const request = put('/apps/com.example.app/subscription', { from: '2.0' });

    verifyProblem(await limited.send(request), 403, 'FORBIDDEN');
    expect(await bob.json(request)).toEqual({ bundleId: 'com.example.app', from: '2.0' });
  });
});

describe('a policy in a body', () => {
  const deep = `${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}`;
  const json = { 'content-type': 'application/json' };

  it.each([
    ['empty', {}],
    ['a list', []],
    ['with a key nobody knows', { snapshots: { last: 1 }, x: 1 }],
    ['with a count that is text', { snapshots: { last: '1' } }],
    ['with a count beyond all', { snapshots: { last: 1e300 } }],
    ['that keeps nothing', { snapshots: { last: 0 } }],
    ['with a budget that lacks its unit', { budget: 500 }],
    ['of a device nobody has', { devices: { [UNKNOWN]: { snapshots: { last: 1 } } } }],
    ['with rules of the wrong kind', { devices: { [UNKNOWN]: { versions: { last: 1 } } } }],
  ])('is refused when it is %s, set or looked at', async (_, policy) => {
    const set = await ada.send(put('/retention', policy));
    const preview = await ada.send(post('/retention/preview', { policy }));

    verifyProblem(set, 422, 'RETENTION_POLICY_INVALID');
    verifyProblem(preview, 422, 'RETENTION_POLICY_INVALID');
  });

  it.each([
    ['nested deeply', { method: 'PUT', path: '/api/v1/retention', headers: json, body: deep }],
    ['with a zero byte', put('/retention', { minimumKeep: '\0' })],
    ['that is not where a preview has it', post('/retention/preview', POLICY)],
    ['in a list', post('/retention/preview', [POLICY])],
  ])('is no input when it is %s', async (_, request) => {
    verifyProblem(await ada.send(request), 422, 'INPUT_INVALID');
  });

  it('is refused beyond 256 KiB', async () => {
    const apps = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, n) => [`app.${n}`, { versions: { last: 1 } }]),
    );

    verifyProblem(await ada.send(put('/retention', { apps })), 413, 'TOO_LARGE');
  });

  it('reaches every depth that it has, and is kept whole', async () => {
    const { items } = await ada.json<Schemas['DevicePageDto']>(get('/devices'));
    const devices = { [items[0]?.id ?? '']: { snapshots: { daily: 3 } } };
    const policy = { ...POLICY, devices, budget: '5 GB' };

    const plan = await ada.json<Schemas['RetentionPlanDto']>(
      post('/retention/preview', { policy }),
    );
    const set = await ada.json<Schemas['RetentionDto']>(put('/retention', policy));

    expect(plan).toMatchObject({ saved: false, removed: 0, budget: { limit: 5e9, fits: true } });
    expect(set.policy).toEqual({ ...policy, budget: 5e9 });
    const again = { budget: 5e9, devices, ...POLICY };
    const same = await ada.json(post('/retention/preview', { policy: again }));
    expect(same).toMatchObject({ saved: true });
    expect(set.effective?.devices.find(({ id }) => id in devices)).toMatchObject({
      rules: { daily: { value: 3, from: 'device' }, last: { value: 1, from: 'household' } },
    });
  });
});

describe('other bodies', () => {
  it.each([
    ['names that are no list', post(`/snapshots/${UNKNOWN}/forget`, { confirm: 'Test' })],
    ['a name that is none', post('/bin/empty', { confirm: [{ $ne: '' }] })],
    ['a name of a page', post('/bin/empty', { confirm: ['x'.repeat(401)] })],
    ['too many names', post('/bin/empty', { confirm: Array(1001).fill('x') })],
    ['a flag that is text', post(`/snapshots/${UNKNOWN}/forget`, { dryRun: 'yes' })],
    ['a field nobody knows', post('/maintenance/collect', { graceSeconds: 0 })],
    ['ids that are none', post('/storage/frees', { ids: ['x'] })],
    ['no ids', post('/storage/frees')],
    ['too many ids', post('/storage/frees', { ids: Array(6501).fill(UNKNOWN) })],
    ['a group nobody knows', get('/storage/groups?by=colour')],
    ['no group', get('/storage/groups')],
    ['no version', put('/apps/com.example.app/subscription', {})],
    ['a version of nothing', put('/apps/com.example.app/subscription', { from: '' })],
    ['a version of a page', put('/apps/com.example.app/subscription', { from: 'x'.repeat(101) })],
    ['a plan that is none', post('/retention/plans/x/apply')],
  ])('are refused: %s', async (_, request) => {
    verifyProblem(await ada.send(request), 422, 'INPUT_INVALID');
  });

  it('need not be there where nothing has to be said', async () => {
    const asked = await ada.send({ method: 'POST', path: '/api/v1/maintenance/collect' });
    const plan = await ada.send({ method: 'POST', path: '/api/v1/retention/preview' });

    expect([asked.status, plan.status]).toEqual([202, 200]);
    const { id } = JSON.parse(plan.body.toString()) as Schemas['RetentionPlanDto'];
    const apply = { method: 'POST', path: `/api/v1/retention/plans/${id}/apply` };
    expect((await ada.send(apply)).status).toBe(200);
    verifyProblem(await ada.send(apply), 409, 'PLAN_OUTDATED');
  });
});
