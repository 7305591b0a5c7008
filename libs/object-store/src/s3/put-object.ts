import { ArchiveError } from '@rootcellar/model';
import type { ObjectKey } from '../object-key.js';
import { textOf } from './s3-answer.js';
import { checksumOf } from './body-checksum.js';
import { bodyOfParts, bytesOf } from './s3-body.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure, isS3Failure } from './s3-failure.js';
import { putInParts } from './put-in-parts.js';
import type { ObjectToPut } from './put-in-parts.js';
import { factsOf } from './object-facts.js';
import type { S3Headers } from './signed-request.js';

/**
 * Puts an object under a key that has none. Where the key has one already it is this very object, for keys stand for the same bytes for
 * ever: nothing is sent again then, and a bucket with versions gets no second one.
 * @throws ArchiveError OBJECT_EXISTS when the object that is there has another size
 */
export async function putObject(bucket: S3Bucket, object: ObjectToPut): Promise<void> {
  const { key, parts } = object;
  const put = bytesOf(parts) > bucket.settings.multipart.aboveBytes ? putInParts : putAtOnce;
  try {
    await put(bucket, object, bucket.known.noConditions === true ? {} : { 'if-none-match': '*' });
  } catch (error) {
    if (isS3Failure(error, 412)) await expectSameSize(bucket, key, bytesOf(parts));
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

async function expectSameSize(bucket: S3Bucket, key: ObjectKey, bytes: number): Promise<void> {
  const facts = await factsOf(bucket, key);
  // It was there a moment ago and is gone: another try finds the key free.
  if (facts === undefined) throw new S3Failure({ status: 409, code: 'OperationAborted' });
  if (facts.size === bytes) return;
  throw new ArchiveError(
    'OBJECT_EXISTS',
    'The bucket has another object under this key. It was left as it is, and nothing was written.',
    {
      details: { key, bytes, storedBytes: facts.size },
      hint: 'See whether something else writes below the prefix of this store.',
    },
  );
}
