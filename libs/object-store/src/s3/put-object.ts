import { textOf } from './s3-answer.js';
import { checksumOf } from './body-checksum.js';
import { bodyOfParts, bytesOf } from './s3-body.js';
import type { S3Bucket } from './s3-bucket.js';
import { isS3Failure } from './s3-failure.js';
import { putInParts } from './put-in-parts.js';
import type { ObjectToPut } from './put-in-parts.js';
import { expectSameObject } from './same-object.js';
import type { S3Headers } from './signed-request.js';

/**
 * Puts an object under a key that has none. Where the key has these very bytes already, nothing is sent again, and a bucket with versions
 * gets no second one. Servers that ignore the condition put the object over the other, which is harmless, too.
 * @throws ArchiveError OBJECT_EXISTS when the object that is there is another one
 */
export async function putObject(bucket: S3Bucket, object: ObjectToPut): Promise<void> {
  const { parts } = object;
  const put = bytesOf(parts) > bucket.settings.multipart.aboveBytes ? putInParts : putAtOnce;
  try {
    await put(bucket, object, bucket.known.noConditions === true ? {} : { 'if-none-match': '*' });
  } catch (error) {
    if (isS3Failure(error, 412)) await expectSameObject(bucket, object);
    else if (isS3Failure(error, 501) && bucket.known.noConditions !== true) {
      bucket.known.noConditions = true;
      await put(bucket, object, {});
    } else throw error;
  }
}

async function putAtOnce(
  bucket: S3Bucket,
  { key, parts, signal }: ObjectToPut,
  condition: S3Headers,
): Promise<void> {
  const body = await bodyOfParts(parts, signal);
  const checksum = await checksumOf(bucket, body, signal);
  const headers = { ...checksum.headers, ...condition };
  const name = bucket.settings.prefix + key;
  const answer = await bucket.ask({ method: 'PUT', name, headers, body, signal }, 200, 201);
  await textOf(answer);
  checksum.verify(answer);
}
