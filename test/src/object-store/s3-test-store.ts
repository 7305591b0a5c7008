import { randomUUID } from 'node:crypto';
import type { S3Settings } from '@rootcellar/object-store';
import type { S3Server } from '@rootcellar/testkit';

/** A bucket nobody else uses on a test server. Retries do not wait long. */
export function bucketSettings(server: S3Server): S3Settings {
  const { endpoint, accessKey, secretKey } = server;
  return {
    ...{ endpoint, bucket: `test-${randomUUID()}`, prefix: '', region: 'us-east-1' },
    ...{ pathStyle: true, credentials: { accessKey, secretKey } },
    retries: { attempts: 3, firstDelayMs: 10, maxDelayMs: 100, budget: 100 },
  };
}
