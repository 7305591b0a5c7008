import type { IncomingMessage } from 'node:http';
import type { ObjectKey } from '../object-key.js';
import type { ByteRange } from '../object-store.js';
import { objectNotFound, rangeInvalid } from '../store-errors.js';
import { factsOf } from './object-facts.js';
import { headerOf } from './s3-bucket.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure, isS3Failure } from './s3-failure.js';

export interface ObjectToRead {
  readonly key: ObjectKey;
  readonly range: ByteRange;
  readonly signal: AbortSignal | undefined;
}

/**
 * Reads a range from the socket into its place, without anything in between.
 * @param memory gives as much memory as the range has bytes; asked only when the object has them
 */
export async function readObject<Memory extends Uint8Array>(
  bucket: S3Bucket,
  object: ObjectToRead,
  memory: () => Memory,
): Promise<Memory> {
  const { key, range, signal } = object;
  if (range.length === 0) {
    const facts = await factsOf(bucket, key, signal);
    if (facts === undefined) throw objectNotFound(key);
    if (range.offset > facts.size) throw rangeInvalid(key, range);
    return memory();
  }
  const answer = await askForRange(bucket, object);
  if (sizeOf(answer, range) < range.offset + range.length) {
    answer.destroy();
    throw rangeInvalid(key, range);
  }
  return fill(answer, memory());
}

async function askForRange(
  bucket: S3Bucket,
  { key, range, signal }: ObjectToRead,
): Promise<IncomingMessage> {
  const name = bucket.settings.prefix + key;
  const headers = { range: `bytes=${range.offset}-${range.offset + range.length - 1}` };
  try {
    return await bucket.ask({ method: 'GET', name, headers, signal }, 206, 200);
  } catch (error) {
    if (isS3Failure(error, 416)) throw rangeInvalid(key, range);
    throw error;
  }
}

/** The size of the whole object, which the answer names; it must be about the range that was asked for. */
function sizeOf(answer: IncomingMessage, { offset }: ByteRange): number {
  // A server that gives the whole object for a range is of use only when the range begins with it.
  const whole = answer.statusCode === 200 && offset === 0;
  const range = /^bytes (\d+)-\d+\/(\d+)$/.exec(headerOf(answer, 'content-range') ?? '');
  if (range !== null && Number(range[1]) === offset) return Number(range[2]);
  if (range === null && whole) return Number(headerOf(answer, 'content-length'));
  answer.destroy();
  throw new S3Failure({ status: answer.statusCode ?? 0, code: 'AnswerNotUnderstood' });
}

async function fill<Memory extends Uint8Array>(
  answer: IncomingMessage,
  target: Memory,
): Promise<Memory> {
  let filled = 0;
  for await (const piece of answer as AsyncIterable<Buffer>) {
    const wanted = piece.subarray(0, target.length - filled);
    target.set(wanted, filled);
    filled += wanted.length;
    // More than was asked for: the rest is not worth its way.
    if (wanted.length < piece.length) break;
  }
  if (filled < target.length) throw new S3Failure({ status: 200, code: 'IncompleteBody' });
  return target;
}
