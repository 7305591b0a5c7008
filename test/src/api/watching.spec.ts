import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { buildBackup } from '@rootcellar/ios/testing';
import { freePort, openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { httpOf, signedInHttp, verifyProblem } from './http.js';
import type { Http } from './http.js';
import { entriesOfFolder, framesOf, openRawUpload } from './raw-upload.js';
import { scrape, sum } from './scrape.js';
import { signInSecondMember } from './second-member.js';

const UDID = '00008110-0000000000000A92';
const DEVICE_NAME = 'Lovelace’s phone';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const traceparent = `00-${TRACE}-00f067aa0ba902b7-01`;

let household: Household;
let http: Http;
let monitoringPort: number;
beforeAll(async () => {
  monitoringPort = await freePort();
  household = await openHousehold({ env: { ROOTCELLAR_MONITORING_PORT: String(monitoringPort) } });
  http = await signedInHttp(household.service.url);
});
afterAll(async () => household.close());

type Line = Readonly<Record<string, unknown>>;

function linesOf(facts: Line): Line[] {
  return household.service
    .log()
    .filter((line) => Object.entries(facts).every(([key, value]) => line[key] === value));
}

/** A line is written when its answer has gone; reading it here takes a moment. */
async function lines(facts: Line): Promise<Line[]> {
  for (let tries = 0; tries < 100 && linesOf(facts).length === 0; tries += 1) await setTimeout(20);
  return linesOf(facts);
}

describe('a request', () => {
  it('tells its id in the head of the answer, in a problem, and in the log', async () => {
    const answer = await http.send({ path: '/api/v1/jobs/no-such-job', headers: { traceparent } });

    const { requestId } = verifyProblem(answer, 404, 'NOT_FOUND');
    expect(answer.headers['x-request-id']).toBe(requestId);
    const [line] = await lines({ requestId });
    expect(line).toMatchObject({
      ...{ msg: 'request', level: 30, route: '/api/v1/jobs/:id', method: 'GET', status: 404 },
      ...{ traceId: TRACE, bytesIn: 0, householdId: expect.any(String) },
    });
  });

  it.each(['x', '', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `${traceparent}-00`])(
    'takes no other trace for one: %j',
    async (header) => {
      const headers = { traceparent: header, 'x-request-id': 'of-the-sender' };

      const answer = await http.send({ path: '/api/v1/jobs/other', headers });

      const { requestId } = verifyProblem(answer, 404, 'NOT_FOUND');
      const [line] = await lines({ requestId });
      expect(line?.['traceId']).toBe(requestId.replaceAll('-', ''));
      expect(JSON.stringify(household.service.log())).not.toContain('of-the-sender');
    },
  );

  it('that nothing is at, or that is malformed, has a line without its address', async () => {
    const secret = 'a-secret-in-an-address';
    const unknown = await http.send({ path: `/nowhere/${secret}` });
    const broken = await http.send({
      ...{ method: 'POST', path: `/api/v1/uploads?token=${secret}`, body: '{' },
      headers: { 'content-type': 'application/json' },
    });

    for (const answer of [unknown, broken]) {
      const [line] = await lines({ requestId: answer.headers['x-request-id'] });
      expect(line).toMatchObject({ msg: 'request', status: answer.status });
    }
    expect(JSON.stringify(household.service.log())).not.toContain(secret);
  });
});

describe('a command of the agent', () => {
  it('is found in the log by one id, through its requests and the job it asked for', async () => {
    await household.agent.ok('admin', 'scrub');

    const [asked] = await lines({ route: '/api/v1/maintenance/scrub', status: 202 });
    const { requestId, traceId } = asked ?? {};
    const [started] = await lines({ msg: 'job started', requestId });
    const [ended] = await lines({ msg: 'job ended', requestId });
    expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(started).toMatchObject({ job: 'scrub', attempt: 1, traceId });
    expect(ended).toMatchObject({
      ...{ job: 'scrub', traceId, ms: expect.any(Number) },
      counters: { packs: expect.any(Number) },
    });
  });

  it('has an id of its own', async () => {
    await household.agent.ok('admin', 'gc');
    await household.agent.ok('admin', 'gc');

    const asked = await lines({ route: '/api/v1/maintenance/collect' });
    expect(new Set(asked.map(({ traceId }) => traceId)).size).toBe(asked.length);
  });
});

describe('a push', () => {
  it('of many requests writes few lines, and counts all of them', async () => {
    const before = linesOf({ msg: 'request' }).length;
    const upload = await openRawUpload(http, {
      ...{ kind: 'snapshot', udid: UDID, deviceName: DEVICE_NAME },
    });
    const { folder } = await buildBackup(join(household.room, 'backup'), { udid: UDID });
    const { entries, chunks } = entriesOfFolder(folder);
    const received = sum(await scrape(monitoringPort), 'rootcellar_upload_received_bytes_total');

    const body = framesOf(chunks);
    await upload.post('chunks', body);
    for (let round = 0; round < 200; round += 1) await upload.held(Buffer.from('lacking'));
    await upload.held(...chunks.map(({ bytes }) => bytes));
    const answer = await upload.commit(entries);

    expect(answer.status).toBe(200);
    await lines({ route: '/api/v1/uploads/:id/commit' });
    // Opening and committing.
    expect(linesOf({ msg: 'request' }).length - before).toBe(2);
    const samples = await scrape(monitoringPort);
    expect(sum(samples, 'rootcellar_upload_received_bytes_total') - received).toBe(body.length);
    expect(sum(samples, 'rootcellar_upload_chunks_asked_total', { answer: 'lacking' })).toBe(200);
    expect(sum(samples, 'rootcellar_upload_chunks_asked_total', { answer: 'held' })).toBe(
      chunks.length,
    );
    expect(sum(samples, 'rootcellar_upload_committed_bytes_total', { kind: 'new' })).toBe(
      chunks.reduce((total, { bytes }) => total + bytes.length, 0),
    );
    expect(
      sum(samples, 'rootcellar_http_requests_total', { route: '/api/v1/uploads/:id/have' }),
    ).toBe(201);
  });
});

describe('the log', () => {
  it('names nobody and no device, and holds no secret', async () => {
    await http.send({ path: '/api/v1/apps/com.example.private/versions' });
    const text = JSON.stringify(household.service.log());

    expect(text).not.toContain('ada@example.org');
    expect(text).not.toContain(UDID);
    expect(text).not.toContain('Lovelace');
    expect(text).not.toContain('com.example.private');
    expect(text).not.toMatch(/rc_[\w-]{20}/);
  });
});

describe('metrics', () => {
  it('are not on the port of the API', async () => {
    verifyProblem(await http.send({ path: '/metrics' }), 404, 'NOT_FOUND');
  });

  it('have labels of few values, and none that names anybody', async () => {
    for (let n = 0; n < 50; n += 1) {
      await http.send({ path: `/nowhere/${n}` });
      await http.send({ path: `/api/v1/snapshots/0197a000-0000-7000-8000-0000000000${n + 10}` });
      await http.send({ path: `/api/v1/apps/com.example.app${n}/versions` });
    }

    const samples = await scrape(monitoringPort);

    const values = new Map<string, Set<string>>();
    for (const { name, labels } of samples.filter((each) => each.name.startsWith('rootcellar_'))) {
      for (const [label, value] of Object.entries(labels)) {
        const key = `${name} ${label}`;
        values.set(key, (values.get(key) ?? new Set()).add(value));
        expect(value).not.toMatch(/[0-9a-f]{8}-[0-9a-f]{4}|example|@/);
      }
    }
    const most = Math.max(...[...values.values()].map(({ size }) => size));
    expect(most).toBeLessThan(60);
    expect(samples.length).toBeLessThan(3000);
  });

  it('tell of packs, queue, database and disk', async () => {
    const samples = await scrape(monitoringPort);

    expect(sum(samples, 'rootcellar_dependency_up')).toBe(3);
    expect(sum(samples, 'rootcellar_database_pool_max')).toBeGreaterThan(0);
    expect(sum(samples, 'rootcellar_object_store_free_bytes')).toBeGreaterThan(0);
    expect(sum(samples, 'rootcellar_object_store_bytes_total', { call: 'put' })).toBeGreaterThan(0);
    expect(sum(samples, 'rootcellar_job_runs_total', { kind: 'scrub', outcome: 'completed' })).toBe(
      1,
    );
  });
});

describe('the doctor', () => {
  it('finds nothing to mend in a new service', async () => {
    const { level, findings } = (await household.agent.ok('admin', 'doctor')) as unknown as {
      readonly level: string;
      readonly findings: readonly { readonly id: string; readonly level: string }[];
    };

    // A small disk is no fault of the service.
    const bad = findings.filter((one) => one.level !== 'ok' && !one.id.endsWith('-space'));
    expect(bad).toEqual([]);
    expect(level).not.toBe('');
    expect(findings.map(({ id }) => id)).toEqual(
      expect.arrayContaining([
        ...['agent-node', 'agent-service', 'agent-clock', 'agent-version', 'agent-sign-in-file'],
        ...['service', 'database', 'database-schema', 'database-durable', 'database-connections'],
        ...['database-clock', 'object-store', 'object-store-clock', 'object-store-space'],
        ...['data-space', 'queue', 'queue-waiting', 'queue-schedules', 'master-key'],
        ...['master-key-file', 'upkeep', 'collection', 'scrub', 'time-zone'],
        'audit-trail',
      ]),
    );
  });

  it('is for administrators only', async () => {
    const member = { email: 'bob@example.org', role: 'member' } as const;
    const bob = await signInSecondMember(household.service, member);

    verifyProblem(await bob.send({ path: '/api/v1/maintenance/doctor' }), 403, 'FORBIDDEN');
  });
});

describe('a service whose objects are gone', () => {
  it('is alive but not ready, says what is down on both ports, and is ready when they are back', async () => {
    const open = httpOf(household.service.url);
    const objects = join(household.service.data, 'objects');
    const ready = async (): Promise<number> => (await open.send({ path: '/health/ready' })).status;
    await rename(objects, `${objects}-away`);
    try {
      while ((await ready()) === 200) await setTimeout(100);

      const problem = verifyProblem(
        await open.send({ path: '/health/ready' }),
        ...([503, 'OBJECT_STORE_UNAVAILABLE'] as const),
      );
      expect(problem.details).toEqual({ database: 'ok', objectStore: 'down', queue: 'ok' });
      expect(JSON.stringify(problem)).not.toContain(household.room);
      expect((await open.send({ path: '/health/live' })).status).toBe(200);
      const other = await fetch(`http://127.0.0.1:${monitoringPort}/health/ready`);
      expect([other.status, await other.json()]).toEqual([
        503,
        { status: 'down', checks: { database: 'ok', objectStore: 'down', queue: 'ok' } },
      ]);
      const { code, stdout } = await household.agent.run('admin', 'doctor');
      expect(code).toBe(1);
      expect(stdout).toContain('"id":"object-store');
    } finally {
      // What was put meanwhile lies in a new folder, which is not the vault's.
      await rename(objects, `${objects}-meanwhile`).catch(() => undefined);
      await rename(`${objects}-away`, objects);
    }
    while ((await ready()) !== 200) await setTimeout(100);
    expect(await ready()).toBe(200);
  });
});
