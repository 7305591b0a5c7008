import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { jsonRequest, signedInHttp, verifyProblem } from './http.js';
import type { Http } from './http.js';

let household: Household;
let http: Http;
beforeAll(async () => {
  household = await openHousehold();
  http = await signedInHttp(household.service.url);
});
afterAll(async () => {
  // Nothing that came in did it any harm.
  expect((await http.send({ path: '/health/ready' })).status).toBe(200);
  expect(household.service.lastWords()).not.toContain('"code":"INTERNAL"');
  await household.close();
});

const UPLOAD = { kind: 'snapshot', udid: '00008110-000000000000ABCD', deviceName: 'Phone' };
const PACKAGE = { kind: 'artifact', sha256: 'a'.repeat(64), size: 1, fileName: 'a.ipa' };

describe('a JSON body', () => {
  it.each([
    ['cut off', '{"kind": "snapshot"'],
    ['no JSON', 'kind=snapshot'],
    ['a number', '5'],
    ['null', 'null'],
  ])('is malformed when it is %s', async (_, body) => {
    const headers = { 'content-type': 'application/json' };

    const answer = await http.send({ method: 'POST', path: '/api/v1/uploads', headers, body });

    verifyProblem(answer, 400, 'INPUT_INVALID');
  });

  it.each([
    ['a list', '[]'],
    ['empty', ''],
    ['of another character set', Buffer.from('{"kind":"\xff"}', 'latin1')],
    ['with a key of Object.prototype', '{"__proto__":{"kind":"snapshot"}}'],
    ['nested deeply', `${'['.repeat(50_000)}${']'.repeat(50_000)}`],
  ])('is refused when it is %s', async (_, body) => {
    const headers = { 'content-type': 'application/json' };

    const answer = await http.send({ method: 'POST', path: '/api/v1/uploads', headers, body });

    verifyProblem(answer, 422, 'INPUT_INVALID');
  });

  it.each([
    ['another kind', { ...UPLOAD, kind: 'other' }, 'kind'],
    ['no kind', { udid: UPLOAD.udid }, 'kind'],
    ['a UDID of another form', { ...UPLOAD, udid: '../../etc' }, 'udid'],
    ['a UDID that is a list', { ...UPLOAD, udid: [UPLOAD.udid] }, 'udid'],
    ['a name that is an object', { ...UPLOAD, deviceName: { $ne: '' } }, 'deviceName'],
    ['a name of a megabyte', { ...UPLOAD, deviceName: 'x'.repeat(100_000) }, 'deviceName'],
    ['a field nobody knows', { ...UPLOAD, householdId: 'x' }, 'householdId'],
    ['a size below nothing', { ...PACKAGE, size: -1 }, 'size'],
    ['a size that is text', { ...PACKAGE, size: '5' }, 'size'],
    ['a size beyond all', { ...PACKAGE, size: 2 ** 51 }, 'size'],
    ['half a digest', { ...PACKAGE, sha256: 'a'.repeat(63) }, 'sha256'],
    ['an upload to resume that is none', { ...UPLOAD, resume: 'x' }, 'resume'],
  ])('with %s is refused and the field is named', async (_, body, field) => {
    const answer = await http.send(jsonRequest('/api/v1/uploads', body));

    const { detail } = verifyProblem(answer, 422, 'INPUT_INVALID');
    expect(detail).toContain(field);
  });

  it('beyond 256 KiB is refused', async () => {
    const answer = await http.send(jsonRequest('/api/v1/uploads', 'x'.repeat(300_000)));

    verifyProblem(answer, 413, 'TOO_LARGE');
  });

  it.each(['/api/v1/sessions', '/api/v1/setup'])(
    'with a zero byte in a text is refused, not a fault: %s',
    async (path) => {
      const zero = 'a\u0000b';
      const person = { email: `${zero}@example.org`, password: zero, computerName: zero };
      const first = { setupToken: zero, household: zero, name: zero };

      const answer = await http.send(
        jsonRequest(path, path.endsWith('setup') ? { ...person, ...first } : person),
      );

      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(500);
    },
  );
});

describe('an id in a path', () => {
  it.each(['x', '1', `${'a'.repeat(8)}-zzzz`, '%00', '..%2f..%2fetc', 'a'.repeat(5000)])(
    'that is no UUID is refused: %s',
    async (id) => {
      for (const path of [`/snapshots/${id}`, `/artifacts/${id}/content`]) {
        const answer = await http.send({ path: `/api/v1${path}` });
        verifyProblem(answer, 422, 'INPUT_INVALID');
      }
    },
  );

  it('may be written in capitals', async () => {
    const path = '/api/v1/snapshots/0197A000-0000-7000-8000-00000000000F';

    verifyProblem(await http.send({ path }), 404, 'NOT_FOUND');
  });

  it('that cannot be decoded is refused', async () => {
    const answer = await http.send({ path: '/api/v1/devices/%E0%A4%A' });

    verifyProblem(answer, 400, 'INPUT_INVALID');
  });

  it.each(['/devices/a%00b', '/apps/a%00b/versions', '/jobs/a%00b'])(
    'with a zero byte is refused or unknown, not a fault: %s',
    async (path) => {
      const answer = await http.send({ path: `/api/v1${path}` });

      expect(answer.status).toBeLessThan(500);
    },
  );
});

describe('a query', () => {
  it.each([
    ...['limit=0', 'limit=1001', 'limit=x', 'limit=1.5', 'limit=1&limit=2'],
    ...['cursor=x', 'deviceId=x', 'order=asc', 'cursor[]=x', 'limit[a]=1'],
  ])('of another form is refused: %s', async (query) => {
    const answer = await http.send({ path: `/api/v1/snapshots?${query}` });

    verifyProblem(answer, 422, 'INPUT_INVALID');
  });
});

describe('a body of bytes', () => {
  it.each(['have', 'chunks', 'commit'])(
    'for an upload nobody opened is refused: %s',
    async (to) => {
      const path = `/api/v1/uploads/0197a000-0000-7000-8000-000000000000/${to}`;

      const answer = await http.send({ method: 'POST', path, body: Buffer.alloc(32) });

      verifyProblem(answer, 404, 'NOT_FOUND');
    },
  );
});
