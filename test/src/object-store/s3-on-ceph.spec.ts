import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { LookupFunction } from 'node:net';
import { nodeS3Environment, objectKey, openS3ObjectStore } from '@rootcellar/object-store';
import type { S3Environment, S3ObjectStore, S3Settings } from '@rootcellar/object-store';
import { s3Operator } from '@rootcellar/object-store/testing/s3-operator';
import type { S3Operator } from '@rootcellar/object-store/testing/s3-operator';
import { SHARED_SERVER_MS, freePort, sharedCephRgw } from '@rootcellar/testkit';
import type { S3Server } from '@rootcellar/testkit';
import { bucketSettings } from './s3-test-store.js';
import { openTamperingProxy } from './tampering-proxy.js';
import type { Tampering } from './tampering-proxy.js';

const KEY = objectKey('packs/0a/x');
const MIB = 1024 * 1024;
const BYTES = Buffer.alloc(300_000, 'some bytes ');
const HOUR_MS = 60 * 60 * 1000;
/** No name server knows the test domain. */
const toLoopback: LookupFunction = (_, { all }, found) =>
  all === true ? found(null, [{ address: '127.0.0.1', family: 4 }]) : found(null, '127.0.0.1', 4);

let server: S3Server;
const closing: (() => void | Promise<void>)[] = [];

beforeAll(async () => {
  server = await sharedCephRgw();
}, SHARED_SERVER_MS);

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

afterAll(() => {
  expect(closing).toEqual([]);
});

async function newBucket(
  options: Partial<S3Settings> = {},
  lock = false,
): Promise<{ readonly settings: S3Settings; readonly operator: S3Operator }> {
  const settings = { ...bucketSettings(server), prefix: 'vault/', ...options };
  const operator = s3Operator({ ...settings, endpoint: server.endpoint, pathStyle: true });
  closing.push(operator.close);
  await operator.makeBucket({ lock });
  return { settings, operator };
}

async function open(settings: S3Settings, environment?: S3Environment): Promise<S3ObjectStore> {
  const store = await openS3ObjectStore(settings, environment);
  closing.push(store.close);
  return store;
}

async function outcome(settings: S3Settings, environment?: S3Environment): Promise<unknown> {
  return open(settings, environment).catch((error: unknown) => error);
}

describe('openS3ObjectStore on Ceph', () => {
  it('says what is wrong with bucket, keys and clock, and names no secret', async () => {
    const { settings } = await newBucket();
    const credentials = { accessKey: server.accessKey, secretKey: 'wrong-secret' };
    const late = { ...nodeS3Environment, now: () => new Date(Date.now() - HOUR_MS) };

    const errors = [
      await outcome({ ...settings, bucket: 'no-such-bucket' }),
      await outcome({ ...settings, credentials }),
      await outcome({ ...settings, credentials: { ...credentials, accessKey: 'wrong-key' } }),
      await outcome(settings, late),
    ];

    expect(errors).toMatchObject(
      [
        ['NoSuchBucket', 'bucket'],
        ['SignatureDoesNotMatch', 'secret key'],
        ['InvalidAccessKeyId', 'access key'],
        ['RequestTimeTooSkewed', 'clock'],
      ].map(([answer = '', hint = '']) => ({
        ...{ code: 'OBJECT_STORE_REFUSED', details: { answer } },
        hint: expect.stringContaining(hint),
      })),
    );
    expect(JSON.stringify(errors)).not.toMatch(new RegExp(`wrong-|${server.accessKey}`));
  });

  it('is unavailable when nobody listens', async () => {
    const { settings } = await newBucket();

    expect(
      await outcome({ ...settings, endpoint: `http://127.0.0.1:${await freePort()}` }),
    ).toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE', details: { errno: 'ECONNREFUSED' } });
  });

  it('trusts a private authority when it is given, and else does not', async () => {
    const { settings } = await newBucket({ endpoint: server.tlsEndpoint });

    const store = await open({ ...settings, ca: server.ca });
    await store.put(KEY, [Buffer.alloc(9 * MIB)]);

    expect(await store.stat(KEY)).toMatchObject({ size: 9 * MIB });
    expect(await outcome(settings)).toMatchObject({ code: 'OBJECT_STORE_REFUSED' });
  });

  it.each(['endpoint', 'tlsEndpoint'] as const)(
    'finds a bucket by the name of its host (%s)',
    async (which) => {
      const endpoint = server[which].replace('127.0.0.1', server.domain);
      const { settings } = await newBucket({ endpoint, pathStyle: false, ca: server.ca });

      const store = await open(settings, { ...nodeS3Environment, lookup: toLoopback });
      await store.put(KEY, [BYTES]);

      expect(await store.stat(KEY)).toMatchObject({ size: BYTES.length });
    },
  );

  it('keeps what a key has against other bytes, and sends nothing twice', async () => {
    const { settings } = await newBucket();
    const store = await open(settings);
    await store.put(KEY, [BYTES]);

    await store.put(KEY, [BYTES]);
    const sameSize = store.put(KEY, [Buffer.alloc(BYTES.length)]);
    await expect(sameSize).rejects.toMatchObject({ code: 'OBJECT_EXISTS' });
    const larger = store.put(KEY, [Buffer.alloc(9 * MIB)]);
    await expect(larger).rejects.toMatchObject({ code: 'OBJECT_EXISTS' });

    expect(Buffer.compare(await store.read(KEY, { offset: 0, length: BYTES.length }), BYTES)).toBe(
      0,
    );
  });

  it('frees uploads in parts that were left for a day, those of its prefix only', async () => {
    const { settings, operator } = await newBucket();
    for (const name of ['vault/a', 'vault/b', 'other/c']) await operator.beginUpload(name);
    const store = await open(settings);

    const young = await store.abortLeftovers();
    const all = await store.abortLeftovers(-HOUR_MS);

    expect([young, all]).toEqual([0, 2]);
    expect(await operator.countUploads()).toBe(1);
  });

  it('deletes every version, so that the bytes come back', async () => {
    const { settings, operator } = await newBucket();
    const store = await open(settings);
    await store.put(KEY, [BYTES]);
    await store.remove([objectKey('never-was')]);

    await operator.setVersioning('Enabled');
    await store.put(objectKey('packs/0a/x-longer'), [BYTES]);
    await store.put(objectKey('packs/0a/y'), [BYTES]);
    await store.put(objectKey('packs/0a/y'), [BYTES]);
    await operator.setVersioning('Suspended');
    await store.remove([KEY, objectKey('packs/0a/y')]);

    expect(await store.stat(KEY)).toBeUndefined();
    expect(await operator.countVersions()).toBe(1);
  });

  it('leaves what is held or locked, and says so', async () => {
    const { settings, operator } = await newBucket({}, true);
    const store = await open(settings);
    const locked = objectKey('locked');
    await store.put(KEY, [BYTES]);
    await operator.holdObject(`vault/${KEY}`, 'ON');
    await operator.lockNewObjects(1);
    await store.put(locked, [BYTES]);

    await expect(store.remove([KEY])).rejects.toMatchObject({
      ...{ code: 'OBJECT_LOCKED', details: { key: KEY, lock: 'legal hold' } },
    });
    await expect(store.remove([locked])).rejects.toMatchObject({
      ...{ code: 'OBJECT_LOCKED', details: { key: locked, lock: 'GOVERNANCE' } },
    });

    expect(await store.stat(KEY)).toMatchObject({ size: BYTES.length });
    expect(await store.stat(locked)).toMatchObject({ size: BYTES.length });
    await operator.holdObject(`vault/${KEY}`, 'OFF');
    await store.remove([KEY]);
    expect(await store.stat(KEY)).toBeUndefined();
  });

  it('puts into a bucket that locks what is put, also in parts', async () => {
    const { settings, operator } = await newBucket({}, true);
    await operator.lockNewObjects(1);
    for (const checksum of ['sha256', 'md5'] as const) {
      const multipart = { aboveBytes: 5 * MIB, partBytes: 5 * MIB };
      const store = await open({ ...settings, checksum, multipart });

      await store.put(objectKey(`${checksum}/small`), [BYTES]);
      await store.put(objectKey(`${checksum}/large`), [Buffer.alloc(11 * MIB)]);

      expect(await store.stat(objectKey(`${checksum}/large`))).toMatchObject({ size: 11 * MIB });
    }
  });
});

describe('openS3ObjectStore on a bad way to Ceph', () => {
  async function openBehind(tampering: Tampering): Promise<S3ObjectStore> {
    const proxy = await openTamperingProxy(server.endpoint, tampering);
    closing.push(proxy.close);
    const { settings } = await newBucket();
    return open({ ...settings, endpoint: proxy.url });
  }

  it('never keeps bytes that were damaged on their way', async () => {
    const tampering: Tampering = {};
    const store = await openBehind(tampering);
    let damaged = 0;
    tampering.damage = (piece) => {
      damaged += 1;
      return damaged > 1 ? piece : Buffer.from(piece.map((byte) => byte ^ 1));
    };

    await store.put(KEY, [BYTES]);

    expect(damaged).toBeGreaterThan(1);
    expect(Buffer.compare(await store.read(KEY, { offset: 0, length: BYTES.length }), BYTES)).toBe(
      0,
    );
    tampering.damage = (piece) => Buffer.from(piece.map((byte) => byte ^ 1));
    await expect(store.put(objectKey('other'), [BYTES])).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });
    expect(await store.stat(objectKey('other'))).toBeUndefined();
  });

  it('leaves nothing of a put that breaks off, and takes it again', async () => {
    const tampering: Tampering = { requestBytes: 2 * MIB };
    const store = await openBehind(tampering);
    const large = [Buffer.alloc(12 * MIB, 'x')];

    await expect(store.put(KEY, large)).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });
    expect(await store.stat(KEY)).toBeUndefined();
    delete tampering.requestBytes;
    await store.put(KEY, large);

    expect(await store.stat(KEY)).toMatchObject({ size: 12 * MIB });
  });

  it('says so when every read breaks off, and reads again when it works', async () => {
    const tampering: Tampering = {};
    const store = await openBehind(tampering);
    await store.put(KEY, [BYTES]);
    const target = new Uint8Array(BYTES.length);

    tampering.answerBytes = 100_000;
    await expect(store.readInto(KEY, 0, target)).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });
    delete tampering.answerBytes;
    await store.readInto(KEY, 0, target);

    expect(Buffer.compare(target, BYTES)).toBe(0);
  });
});
