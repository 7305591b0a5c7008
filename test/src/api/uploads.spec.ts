import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FileEntry } from '@rootcellar/chunking';
import { buildBackup } from '@rootcellar/ios/testing';
import { sha256 } from '@rootcellar/model';
import { differences, openHousehold } from '@rootcellar/testkit';
import type { Household } from '@rootcellar/testkit';
import { signedInHttp, verifyProblem } from './http.js';
import type { Http, HttpAnswer } from './http.js';
import { entriesBody, entriesOfFolder, framesOf, openRawUpload } from './raw-upload.js';
import type { CommitAnswer, RawUpload } from './raw-upload.js';

const UDID = '00008110-0000000000000A91';
const SNAPSHOT = { kind: 'snapshot', udid: UDID, deviceName: 'Phone' };

let household: Household;
let http: Http;
let upload: RawUpload;
beforeAll(async () => {
  household = await openHousehold();
  http = await signedInHttp(household.service.url);
  upload = await openRawUpload(http, SNAPSHOT);
});
afterAll(async () => household.close());

const text = (words: string): Buffer => Buffer.from(words);

async function snapshotIds(): Promise<string[]> {
  const { items } = await household.agent.ok('snapshot', 'list');
  return items.map(({ id }) => id);
}

function committed(answer: HttpAnswer): CommitAnswer {
  expect([answer.status, answer.body.toString()]).toEqual([200, expect.any(String)]);
  return JSON.parse(answer.body.toString()) as CommitAnswer;
}

describe('a body of chunks', () => {
  it('is stored when every chunk has the name of its bytes, also twice', async () => {
    const body = framesOf([{ bytes: text('one') }, { bytes: text('two') }, { bytes: text('one') }]);

    const first = await upload.post('chunks', body);
    const second = await upload.post('chunks', body);

    expect(JSON.parse(first.body.toString())).toEqual({ chunks: 3, newBytes: 6 });
    expect(JSON.parse(second.body.toString())).toEqual({ chunks: 3, newBytes: 0 });
    expect(await upload.held(text('one'), text('two'), text('six'))).toEqual([true, true, false]);
  });

  it('is refused whole when one chunk has another name', async () => {
    const wrong = { bytes: text('poison'), named: sha256(text('cure')) };

    const answer = await upload.post('chunks', framesOf([{ bytes: text('beside') }, wrong]));

    verifyProblem(answer, 422, 'CHUNK_DIGEST_MISMATCH');
    expect(await upload.held(text('beside'), text('poison'), text('cure'))).toEqual([
      false,
      false,
      false,
    ]);
  });

  it.each([
    ['empty', Buffer.alloc(0)],
    ['half a frame', framesOf([{ bytes: text('half') }]).subarray(0, 30)],
    ['a frame without its end', framesOf([{ bytes: text('no end') }]).subarray(0, -1)],
    ['no frames', Buffer.alloc(5000, 0xff)],
    [
      'a chunk of an unknown codec',
      Buffer.concat([Buffer.of(7), framesOf([{ bytes: text('c') }]).subarray(1)]),
    ],
  ])('is refused when it is %s', async (_, body) => {
    verifyProblem(await upload.post('chunks', body), 422, 'PROTOCOL_BROKEN');
  });

  it('is refused when a chunk expands to more than it says', async () => {
    const frame = framesOf([{ bytes: Buffer.alloc(4 * 1024 * 1024) }]);
    frame.writeUInt32LE(5000, 1);

    verifyProblem(await upload.post('chunks', frame), 422, 'PROTOCOL_BROKEN');
  });

  it('is refused when it is too long, and a sender that goes on sending hears why', async () => {
    const body = Buffer.alloc(16 * 1024 * 1024 + 1);

    const answers = await Promise.all(
      Array.from({ length: 12 }, async () => upload.post('chunks', body)),
    );

    for (const answer of answers) verifyProblem(answer, 422, 'TOO_LARGE');
  });

  it('is refused when it does not say how long it is', async () => {
    const path = `/api/v1/uploads/${upload.id}/chunks`;
    const headers = { 'transfer-encoding': 'chunked' };

    const answer = await http.send({ method: 'POST', path, headers, body: text('x') });

    verifyProblem(answer, 422, 'PROTOCOL_BROKEN');
  });

  it('that is cut off leaves nothing, and the connection of others alone', async () => {
    const body = framesOf([{ bytes: text('cut off') }, { bytes: Buffer.alloc(1000, 1) }]);
    const path = `/api/v1/uploads/${upload.id}/chunks`;
    const headers = { 'content-length': String(body.length) };
    const request = http.begin({ method: 'POST', path, headers });
    const broken = new Promise((resolve) => request.once('close', resolve));
    request.on('error', () => undefined);

    await new Promise((resolve) => request.write(body.subarray(0, 70), resolve));
    request.destroy();
    await broken;

    expect(await upload.held(text('cut off'))).toEqual([false]);
    const again = await upload.post('chunks', body);
    expect(JSON.parse(again.body.toString())).toMatchObject({ chunks: 2 });
  });
});

describe('a question what is stored', () => {
  it.each([
    ['of no id', Buffer.alloc(0), 'PROTOCOL_BROKEN'],
    ['of half an id', Buffer.alloc(48), 'PROTOCOL_BROKEN'],
    ['of too many', Buffer.alloc(4097 * 32), 'TOO_LARGE'],
  ])('%s is refused', async (_, body, code) => {
    verifyProblem(await upload.post('have', body), 422, code);
  });
});

describe('a commit', () => {
  it('that names chunks nobody sent hears which, and is whole when they were sent', async () => {
    const { agent, room } = household;
    const { folder } = await buildBackup(join(room, 'raw'), { udid: UDID });
    const { entries, chunks } = entriesOfFolder(folder);
    const [last] = chunks.slice(-1);
    const own = await openRawUpload(http, SNAPSHOT);
    await own.post('chunks', framesOf(chunks.slice(0, -1)));
    const before = await snapshotIds();

    const first = committed(await own.commit(entries));
    const between = await snapshotIds();
    await own.post('chunks', framesOf(last === undefined ? [] : [last]));
    const second = committed(await own.commit(entries));
    const third = committed(await own.commit(entries));

    expect(first).toMatchObject({ status: 'missing', missing: [sha256(last?.bytes ?? text(''))] });
    expect(between).toEqual(before);
    expect(second.status).toBe('committed');
    expect(third.snapshot).toEqual(second.snapshot);
    const id = second.snapshot?.snapshotId ?? '';
    expect(await snapshotIds()).toEqual([id, ...before]);
    const restored = await agent.ok('restore', id, '--to', join(room, 'restored'));
    expect(await differences(folder, restored.path)).toEqual([]);
  });

  const file = (path: string): FileEntry => ({
    path,
    type: 'file',
    mtimeNs: 0n,
    size: 0,
    refs: [],
  });
  const stored = { id: sha256(text('one')), length: 3 };

  it.each([
    ['climbs', [file('../escaped')], 'UPLOAD_ENTRIES_INVALID'],
    ['is absolute', [file('/etc/passwd')], 'UPLOAD_ENTRIES_INVALID'],
    ['comes twice', [file('a'), file('a')], 'UPLOAD_ENTRIES_INVALID'],
    ['is out of order', [file('b'), file('a')], 'UPLOAD_ENTRIES_INVALID'],
    [
      'is larger than its chunks',
      [{ ...file('a'), size: 4, refs: [stored] }],
      'UPLOAD_ENTRIES_INVALID',
    ],
    [
      'has a chunk of another length',
      [{ ...file('a'), size: 2, refs: [{ ...stored, length: 2 }] }],
      'UPLOAD_ENTRIES_INVALID',
    ],
    ['is all there is', [file('Info.plist')], 'BACKUP_PLIST_DAMAGED'],
  ])('of a file that %s is refused, and nothing becomes visible', async (_, entries, code) => {
    const before = await snapshotIds();
    const own = await openRawUpload(http, SNAPSHOT);

    const answer = await own.commit(entries);

    verifyProblem(answer, 422, code);
    expect(await snapshotIds()).toEqual(before);
  });

  it.each([
    ['is empty', Buffer.alloc(0)],
    ['is no list', Buffer.alloc(300, 0xff)],
  ])('is refused when its body %s', async (_, body) => {
    verifyProblem(await upload.post('commit', body), 422, 'PROTOCOL_BROKEN');
  });

  it('is refused when its body ends before its end', async () => {
    const body = await entriesBody([file('a'), file('b')]);

    verifyProblem(await upload.post('commit', body.subarray(0, -9)), 422, 'PROTOCOL_BROKEN');
  });

  it('is refused for the backup of another device', async () => {
    const { folder } = await buildBackup(join(household.room, 'other'));
    const { entries, chunks } = entriesOfFolder(folder);
    await upload.post('chunks', framesOf(chunks));

    verifyProblem(await upload.commit(entries), 422, 'UPLOAD_OTHER_DEVICE');
  });

  it('of claims that are no numbers is refused', async () => {
    const answer = await upload.post('commit?missingFiles=-1', await entriesBody([]));

    verifyProblem(answer, 422, 'INPUT_INVALID');
  });
});

describe('an upload that was given up', () => {
  it('takes nothing more, and may be given up again', async () => {
    const own = await openRawUpload(http, SNAPSHOT);
    const gone = { method: 'DELETE', path: `/api/v1/uploads/${own.id}` };
    expect((await http.send(gone)).status).toBe(204);

    const chunks = await own.post('chunks', framesOf([{ bytes: text('late') }]));

    verifyProblem(chunks, 409, 'UPLOAD_NOT_OPEN');
    verifyProblem(await own.post('have', Buffer.alloc(32)), 409, 'UPLOAD_NOT_OPEN');
    verifyProblem(await own.commit([]), 409, 'UPLOAD_NOT_OPEN');
    expect((await http.send(gone)).status).toBe(204);
  });
});
