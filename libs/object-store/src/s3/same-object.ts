import { createHash } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { ArchiveError } from '@rootcellar/model';
import type { ObjectToPut } from './put-in-parts.js';
import { bytesOf, digestOf } from './s3-body.js';
import { headerOf } from './s3-bucket.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure, isS3Failure } from './s3-failure.js';

/**
 * Sees that what lies under a key is what was to be put there: mostly a put whose answer got lost. By its size and ETag where that is the
 * MD5 of the bytes, else by reading it.
 * @throws ArchiveError OBJECT_EXISTS
 */
export async function expectSameObject(bucket: S3Bucket, object: ObjectToPut): Promise<void> {
  const { key, parts, signal } = object;
  const answer = await theirObject(bucket, object);
  const size = Number(headerOf(answer, 'content-length'));
  if (size !== bytesOf(parts)) {
    answer.destroy();
    throw otherObject(object, size);
  }
  if (headerOf(answer, 'etag') === `"${await digestOf('md5', parts, signal)}"`) {
    answer.destroy();
    return;
  }
  const hash = createHash('sha256');
  for await (const piece of answer as AsyncIterable<Buffer>) hash.update(piece);
  if (hash.digest('hex') !== (await digestOf('sha256', parts, signal))) {
    throw otherObject({ key }, size);
  }
}

async function theirObject(
  bucket: S3Bucket,
  { key, signal }: ObjectToPut,
): Promise<IncomingMessage> {
  const name = bucket.settings.prefix + key;
  try {
    return await bucket.ask({ method: 'GET', name, signal }, 200);
  } catch (error) {
    if (!isS3Failure(error, 404)) throw error;
    // It was there a moment ago and is gone: another try finds the key free.
    throw new S3Failure({ status: 409, code: 'OperationAborted' });
  }
}

function otherObject({ key }: Pick<ObjectToPut, 'key'>, storedBytes: number): ArchiveError {
  return new ArchiveError(
    'OBJECT_EXISTS',
    'The bucket has another object under this key. It was left as it is, and nothing was written.',
    {
      details: { key, storedBytes },
      hint: 'See whether something else writes below the prefix of this store.',
    },
  );
}
