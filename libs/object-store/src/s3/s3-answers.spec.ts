import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { objectKey } from '../object-key.js';
import { keysOf } from '../testing/sample-objects.js';
import { startScriptedServer } from '../testing/scripted-server.js';
import type { ScriptLine, ScriptedServer } from '../testing/scripted-server.js';
import { openS3ObjectStore } from './open-s3-object-store.js';
import type { S3ObjectStore } from './open-s3-object-store.js';
import { nodeS3Environment } from './s3-environment.js';
import type { S3Settings } from './s3-settings.js';

const KEY = objectKey('packs/0a/x');
const BYTES = Buffer.from('some bytes');
const MIB = 1024 * 1024;
const EMPTY_LIST: ScriptLine = {
  status: 200,
  body: '<ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>',
};
const NO_UPLOADS: ScriptLine = { status: 200, body: '<ListMultipartUploadsResult/>' };
const PUT_DONE: ScriptLine = { status: 200 };

function refusal(status: number, code: string): ScriptLine {
  const secrets = '<AWSAccessKeyId>the-access-key</AWSAccessKeyId><StringToSign>x</StringToSign>';
  return { status, body: `<Error><Code>${code}</Code><Message>no</Message>${secrets}</Error>` };
}

describe('openS3ObjectStore, on a server that misbehaves,', () => {
  let server: ScriptedServer;
  let store: S3ObjectStore | undefined;

  beforeEach(async () => {
    server = await startScriptedServer();
  });

  afterEach(async () => {
    store?.close();
    await server.close();
  });

  async function open(options: Partial<S3Settings> = {}): Promise<S3ObjectStore> {
    server.say(EMPTY_LIST, NO_UPLOADS);
    const credentials = { accessKey: 'the-access-key', secretKey: 'the-secret-key' };
    store = await openS3ObjectStore(
      {
        ...{ endpoint: server.url, bucket: 'kept', prefix: 'v/', region: 'us-east-1' },
        ...{ pathStyle: true, credentials },
        retries: { attempts: 3, firstDelayMs: 1, maxDelayMs: 2, budget: 100 },
        timeouts: { connectMs: 5000, silenceMs: 5000 },
        ...options,
      },
      { ...nodeS3Environment, sleep: async () => Promise.resolve() },
    );
    return store;
  }

  /** The requests behind those of opening. */
  function seen(): ScriptedServer['seen'] {
    return server.seen.slice(2);
  }

  it.each<[string, ScriptLine]>([
    ['SlowDown', refusal(503, 'SlowDown')],
    ['InternalError', refusal(500, 'InternalError')],
    ['a proxy’s HTML', { status: 502, body: '<html><body>Bad gateway<br></body></html>' }],
    ['nothing at all', { status: 503 }],
    ['RequestTimeout', refusal(400, 'RequestTimeout')],
    ['a conflict of writers', refusal(409, 'ConditionalRequestConflict')],
    ['bytes it got damaged', refusal(400, 'XAmzContentSHA256Mismatch')],
    ['a broken connection', (response) => response.destroy()],
  ])('tries again after %s', async (_, line) => {
    const opened = await open();
    server.say(line, PUT_DONE);

    await opened.put(KEY, [BYTES]);

    expect(seen().map(({ method, body }) => `${method} ${body}`)).toEqual([
      'PUT some bytes',
      'PUT some bytes',
    ]);
  });

  it.each([
    [403, 'AccessDenied', 'OBJECT_STORE_REFUSED'],
    [403, 'InvalidAccessKeyId', 'OBJECT_STORE_REFUSED'],
    [400, 'ExpiredToken', 'OBJECT_STORE_REFUSED'],
    [301, 'PermanentRedirect', 'OBJECT_STORE_REFUSED'],
    [404, 'NoSuchBucket', 'OBJECT_STORE_REFUSED'],
    [403, 'QuotaExceeded', 'STORAGE_FULL'],
    [507, 'XMinioStorageFull', 'STORAGE_FULL'],
  ])('does not try again after %i %s, and tells no secret', async (status, code, told) => {
    const opened = await open();
    server.say(refusal(status, code));

    const error: unknown = await opened.put(KEY, [BYTES]).catch((reason: unknown) => reason);

    expect(error).toMatchObject({ code: told, details: { answer: code, key: KEY, status } });
    expect(seen()).toHaveLength(1);
    const everything = JSON.stringify(error, Object.getOwnPropertyNames(error)) + String(error);
    expect(everything).not.toMatch(/the-access-key|the-secret-key|StringToSign/);
  });

  it('gives up at once when too many calls have failed before', async () => {
    const opened = await open({
      retries: { attempts: 3, firstDelayMs: 1, maxDelayMs: 2, budget: 2 },
    });
    server.say(refusal(503, 'SlowDown'));

    await expect(opened.stat(KEY)).rejects.toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE' });
    await expect(opened.stat(KEY)).rejects.toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE' });

    expect(seen()).toHaveLength(3 + 1);
  });

  it('gives up on a server that says nothing', async () => {
    const opened = await open({ timeouts: { connectMs: 1000, silenceMs: 50 } });
    server.say(() => undefined);

    await expect(opened.put(KEY, [BYTES])).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
      details: { errno: 'ETIMEDOUT' },
    });
  });

  it('gives up on an answer that falls silent', async () => {
    const opened = await open({ timeouts: { connectMs: 1000, silenceMs: 50 } });
    const headers = { 'content-range': 'bytes 0-9/10', 'content-length': '10' };
    server.say((response) => response.writeHead(206, headers).write('some'));

    await expect(opened.read(KEY, { offset: 0, length: 10 })).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });
  });

  it('reads again what broke off', async () => {
    const opened = await open();
    const headers = { 'content-range': 'bytes 0-9/10', 'content-length': '10' };
    const broken: ScriptLine = (response) =>
      response.writeHead(206, headers).write('some', () => response.destroy());
    server.say(broken, { status: 206, headers, body: 'some bytes' });

    const read = await opened.read(KEY, { offset: 0, length: 10 });

    expect(Buffer.from(read).toString()).toBe('some bytes');
  });

  it('takes no other range than the one it asked for', async () => {
    const opened = await open();
    server.say({ status: 206, headers: { 'content-range': 'bytes 0-9/100' }, body: 'some bytes' });

    await expect(opened.read(KEY, { offset: 10, length: 10 })).rejects.toMatchObject({
      details: { answer: 'AnswerNotUnderstood' },
    });
  });

  it('stops waiting when it is told to', async () => {
    const opened = await open();
    const abort = new AbortController();
    const reason = new Error('enough');
    server.say(() => abort.abort(reason));

    await expect(opened.put(KEY, [BYTES], abort.signal)).rejects.toBe(reason);
    expect(seen()).toHaveLength(1);
  });

  it('puts without a condition where the server knows none', async () => {
    const opened = await open();
    server.say(refusal(501, 'NotImplemented'), PUT_DONE);

    await opened.put(KEY, [BYTES]);
    await opened.put(objectKey('other'), [BYTES]);

    expect(seen().map(({ headers }) => headers['if-none-match'])).toEqual([
      ...['*', undefined, undefined],
    ]);
  });

  it('takes an object that is there for its own when the bytes are the same, by reading them', async () => {
    const opened = await open();
    const stored = { status: 200, headers: { etag: '"not-a-digest"' } };
    server.say(refusal(412, 'PreconditionFailed'), { ...stored, body: 'some bytes' });
    await opened.put(KEY, [BYTES]);

    server.say(refusal(412, 'PreconditionFailed'), { ...stored, body: 'SOME BYTES' });

    await expect(opened.put(KEY, [BYTES])).rejects.toMatchObject({ code: 'OBJECT_EXISTS' });
  });

  it('does not send a large object before it is wanted', async () => {
    const opened = await open();
    server.say(refusal(403, 'AccessDenied'));

    await expect(opened.put(KEY, [Buffer.alloc(2 * MIB)])).rejects.toMatchObject({
      code: 'OBJECT_STORE_REFUSED',
    });

    expect(seen()[0]?.headers.expect).toBe('100-continue');
  });

  it('compares the ETag with its MD5 when told to', async () => {
    const opened = await open({ checksum: 'md5' });
    server.say({ status: 200, headers: { etag: `"${'0'.repeat(32)}"` } });

    await expect(opened.put(KEY, [BYTES])).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
      details: { answer: 'BadDigest' },
    });
    expect(seen()[0]?.headers['content-md5']).toBe('nQVoRp0gbBrt8bcfEvR0vA==');
  });

  it.each([
    ['part of a list', '<ListBucketResult><IsTruncated>true</IsTruncated></ListBucketResult>'],
    ['an error', '<Error><Code>InternalError</Code></Error>'],
    ['something else', '<html></html>'],
  ])('does not take %s for a whole list', async (_, body) => {
    const opened = await open();
    server.say({ status: 200, body });

    await expect(keysOf(opened, '')).rejects.toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE' });
  });

  it('refuses a store that lists in no order', async () => {
    const opened = await open();
    const contents = ['b', 'a'].map(
      (key) =>
        `<Contents><Key>v/${key}</Key><Size>1</Size><LastModified>2026-11-25T00:00:00.5Z</LastModified></Contents>`,
    );
    server.say({
      status: 200,
      body: `<ListBucketResult><IsTruncated>false</IsTruncated>${contents.join('')}</ListBucketResult>`,
    });

    await expect(keysOf(opened, '')).rejects.toMatchObject({ code: 'OBJECT_STORE_REFUSED' });
  });

  it('bounds what it reads of an answer', async () => {
    const opened = await open();
    const piece = 'x'.repeat(MIB);
    server.say((response) => {
      response.writeHead(200);
      const more = (): void => {
        if (!response.destroyed) response.write(piece, more);
      };
      more();
    });

    await expect(keysOf(opened, '')).rejects.toMatchObject({
      details: { answer: 'AnswerTooLong' },
    });
  });

  it('gives up an upload in parts that fails', async () => {
    const opened = await open({ multipart: { aboveBytes: 4, partBytes: 5 } });
    server.say(
      {
        status: 200,
        body: '<InitiateMultipartUploadResult><UploadId>u1</UploadId></InitiateMultipartUploadResult>',
      },
      { status: 200, headers: { etag: '"1"' } },
      { status: 200, headers: { etag: '"2"' } },
      // S3 says so with status 200: it has begun to answer before it is done.
      { status: 200, body: '<Error><Code>AccessDenied</Code></Error>' },
      { status: 204 },
    );

    await expect(opened.put(KEY, [BYTES])).rejects.toMatchObject({ code: 'OBJECT_STORE_REFUSED' });

    expect(
      seen().map(({ method, url, body }) => [method, url.split('?')[1], body.slice(0, 5)]),
    ).toEqual([
      ['POST', 'uploads=', ''],
      ['PUT', 'partNumber=1&uploadId=u1', 'some '],
      ['PUT', 'partNumber=2&uploadId=u1', 'bytes'],
      ['POST', 'uploadId=u1', '<Comp'],
      ['DELETE', 'uploadId=u1', ''],
    ]);
  });

  it('asks for credentials each time when they may change', async () => {
    let asked = 0;
    const credentials = async (): Promise<{ accessKey: string; secretKey: string }> =>
      Promise.resolve({ accessKey: `key${(asked += 1)}`, secretKey: 'secret' });
    const opened = await open({ credentials });
    server.say(PUT_DONE);

    await opened.put(KEY, [BYTES]);

    expect(seen()[0]?.headers.authorization).toContain('Credential=key3/');
  });
});
