import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll } from '@jest/globals';
import { openS3ObjectStore } from '@rootcellar/object-store';
import type { ObjectKey, S3Settings } from '@rootcellar/object-store';
import { verifyObjectStore } from '@rootcellar/object-store/testing';
import type { OpenedStore } from '@rootcellar/object-store/testing';
import { s3Operator } from '@rootcellar/object-store/testing/s3-operator';
import type { S3Operator } from '@rootcellar/object-store/testing/s3-operator';
import { SHARED_SERVER_MS, sharedCephRgw } from '@rootcellar/testkit';
import { bucketSettings } from './s3-test-store.js';

let settings: S3Settings;
let operator: S3Operator;

beforeAll(async () => {
  settings = bucketSettings(await sharedCephRgw());
  operator = s3Operator(settings);
  await operator.makeBucket();
}, SHARED_SERVER_MS);

afterAll(() => operator.close());

/** A prefix of its own, emptied when the test is done: all lies in memory. */
async function openPrefix(options: Partial<S3Settings> = {}): Promise<OpenedStore> {
  const prefix = `${randomUUID()}/`;
  const store = await openS3ObjectStore({ ...settings, prefix, ...options });
  const close = async (): Promise<void> => {
    const keys: ObjectKey[] = [];
    for await (const { key } of store.list('')) keys.push(key);
    await store.remove(keys);
    store.close();
  };
  return { store, close };
}

verifyObjectStore('openS3ObjectStore on Ceph', async () => openPrefix());

verifyObjectStore('openS3ObjectStore on Ceph, with Content-MD5 and parts of 5 MiB,', async () =>
  openPrefix({
    checksum: 'md5',
    multipart: { aboveBytes: 5 * 1024 * 1024, partBytes: 5 * 1024 * 1024 },
  }),
);
