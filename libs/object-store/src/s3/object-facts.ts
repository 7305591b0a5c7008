import type { ObjectKey } from '../object-key.js';
import type { ObjectFacts } from '../object-store.js';
import { textOf } from './s3-answer.js';
import { headerOf } from './s3-bucket.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure, isS3Failure } from './s3-failure.js';

/** Undefined when there is no such object. */
export async function factsOf(
  bucket: S3Bucket,
  key: ObjectKey,
  signal?: AbortSignal,
): Promise<ObjectFacts | undefined> {
  const name = bucket.settings.prefix + key;
  try {
    const answer = await bucket.ask({ method: 'HEAD', name, signal }, 200);
    await textOf(answer);
    const size = Number(headerOf(answer, 'content-length'));
    return factsFrom(size, headerOf(answer, 'last-modified'));
  } catch (error) {
    if (!isS3Failure(error, 404)) throw error;
  }
  // HEAD has no words: is it the object that is missing, or the whole bucket? That must not look like an empty one.
  try {
    const headers = { range: 'bytes=0-0' };
    const answer = await bucket.ask({ method: 'GET', name, headers, signal }, 200, 206, 416);
    answer.destroy();
    // It was put between the two questions.
    return await factsOf(bucket, key, signal);
  } catch (error) {
    if (isS3Failure(error, 'NoSuchKey')) return undefined;
    throw error;
  }
}

/** By whole seconds: HEAD says no more, and listings have to say the same. */
export function factsFrom(size: number, modified: string | undefined): ObjectFacts {
  const seconds = Math.floor(Date.parse(modified ?? '') / 1000);
  if (!Number.isSafeInteger(size) || !Number.isFinite(seconds)) {
    throw new S3Failure({ status: 200, code: 'AnswerNotUnderstood' });
  }
  return { size, modifiedAt: new Date(seconds * 1000) };
}
