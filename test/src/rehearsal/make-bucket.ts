import { readFile } from 'node:fs/promises';
import { s3Operator } from '@rootcellar/object-store/testing/s3-operator';
import type { S3Server } from '@rootcellar/testkit';
import { checkoutFile } from '../deployment/checkout-file.js';

interface Policy {
  readonly Statement: readonly object[];
}

/** Makes the bucket, which another user may use as deploy/minio/policy.json says: here as the bucket's policy, there as the user's. */
export async function makeBucket(server: S3Server, bucket: string): Promise<void> {
  const { endpoint, accessKey, secretKey } = server;
  const operator = s3Operator({
    ...{ endpoint, bucket, prefix: '', region: 'us-east-1', pathStyle: true },
    credentials: { accessKey, secretKey },
  });
  try {
    await operator.makeBucket();
    await operator.setPolicy(await policyFor(server.guest.principal));
  } finally {
    operator.close();
  }
}

async function policyFor(user: string): Promise<object> {
  const text = await readFile(checkoutFile('deploy', 'minio', 'policy.json'), 'utf8');
  const policy = JSON.parse(text) as Policy;
  const statements = policy.Statement.map((statement) => ({
    ...statement,
    Principal: { AWS: [user] },
  }));
  return { ...policy, Statement: statements };
}
