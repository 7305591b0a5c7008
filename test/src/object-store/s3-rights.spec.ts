import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readFile } from 'node:fs/promises';
import { objectKey, openS3ObjectStore } from '@rootcellar/object-store';
import type { S3ObjectStore, S3Settings } from '@rootcellar/object-store';
import { s3Operator } from '@rootcellar/object-store/testing/s3-operator';
import type { S3Operator } from '@rootcellar/object-store/testing/s3-operator';
import { SHARED_SERVER_MS, sharedCephRgw } from '@rootcellar/testkit';
import type { S3Server } from '@rootcellar/testkit';
import { bucketSettings } from './s3-test-store.js';

const OPERATOR_GUIDE = new URL('../../../docs/operator.md', import.meta.url);
const KEY = objectKey('packs/0a/x');
const MIB = 1024 * 1024;

/** The policy that the operator's guide shows. */
async function documentedPolicy(
  bucket: string,
  prefix: string,
): Promise<{ Statement: { Action: string[] }[] }> {
  const guide = await readFile(OPERATOR_GUIDE, 'utf8');
  const [, text = ''] = /```json\n(\{\n *"Version": "2012-10-17"[^`]*)```/.exec(guide) ?? [];
  const named = text.replaceAll('my-bucket', bucket).replaceAll('vault/', prefix);
  return JSON.parse(named) as { Statement: { Action: string[] }[] };
}

describe('the rights that docs/operator.md lists', () => {
  let settings: S3Settings;
  let operator: S3Operator;
  let server: S3Server;
  let store: S3ObjectStore | undefined;

  beforeAll(async () => {
    server = await sharedCephRgw();
    const { accessKey, secretKey } = server.guest;
    const owned = { ...bucketSettings(server), prefix: 'vault/' };
    operator = s3Operator(owned);
    settings = { ...owned, credentials: { accessKey, secretKey } };
    await operator.makeBucket({ lock: true });
  }, SHARED_SERVER_MS);

  afterAll(() => {
    store?.close();
    operator.close();
  });

  it('are enough for everything, and needed', async () => {
    const { Statement, ...rest } = await documentedPolicy(settings.bucket, settings.prefix);
    const granted = Statement.map((one) => ({
      ...one,
      Principal: { AWS: [server.guest.principal] },
    }));
    // On Ceph an object belongs to who put it: the test's operator is given the right to lock it.
    const locking = {
      ...{ Effect: 'Allow', Principal: { AWS: [server.principal] } },
      ...{ Action: ['s3:*'], Resource: [`arn:aws:s3:::${settings.bucket}/*`] },
    };

    await expect(openS3ObjectStore(settings)).rejects.toMatchObject({
      ...{ code: 'OBJECT_STORE_REFUSED', details: { answer: 'AccessDenied' } },
      hint: expect.stringContaining('docs/operator.md'),
    });
    await operator.setPolicy({ ...rest, Statement: [...granted, locking] });
    store = await openS3ObjectStore({
      ...settings,
      multipart: { aboveBytes: 5 * MIB, partBytes: 5 * MIB },
    });
    await store.put(KEY, [Buffer.alloc(11 * MIB)]);
    await operator.holdObject(`vault/${KEY}`, 'ON');
    await operator.beginUpload('vault/left');

    expect(await store.abortLeftovers(-MIB)).toBe(1);
    expect(await store.stat(KEY)).toMatchObject({ size: 11 * MIB });
    expect(await store.read(KEY, { offset: 5, length: 3 })).toHaveLength(3);
    await expect(store.remove([KEY])).rejects.toMatchObject({ code: 'OBJECT_LOCKED' });
    await operator.holdObject(`vault/${KEY}`, 'OFF');
    await store.remove([KEY]);
    expect(await operator.countVersions()).toBe(0);
  });

  it('end at the prefix', async () => {
    await expect(openS3ObjectStore({ ...settings, prefix: 'other/' })).rejects.toMatchObject({
      code: 'OBJECT_STORE_REFUSED',
    });
  });
});
