import { bodyOfParts, bodyOfText, bytesOf, slicesOf } from './s3-body.js';
import { textIn, textOf, xmlOf } from './s3-answer.js';
import { headerOf } from './s3-bucket.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure, isS3Failure } from './s3-failure.js';
import { checksumOf } from './body-checksum.js';
import type { ObjectKey } from '../object-key.js';
import type { S3Headers } from './signed-request.js';

export interface ObjectToPut {
  readonly key: ObjectKey;
  readonly parts: readonly Uint8Array[];
  readonly signal: AbortSignal | undefined;
}

interface SentPart {
  readonly number: number;
  /** With its quotes. */
  readonly etag: string;
  /** Base64; only when parts carry it. */
  readonly sha256: string | undefined;
}

/** An object too large for one request, in parts one after the other. It is visible when the last request succeeds, or never. */
export async function putInParts(
  bucket: S3Bucket,
  object: ObjectToPut,
  condition: S3Headers,
): Promise<void> {
  const name = bucket.settings.prefix + object.key;
  const kind: S3Headers =
    bucket.settings.checksum === 'sha256' ? { 'x-amz-checksum-algorithm': 'SHA256' } : {};
  const { signal } = object;
  const begun = await bucket.ask(
    { method: 'POST', name, query: { uploads: '' }, headers: kind, signal },
    200,
  );
  const uploadId = textIn(await xmlOf(begun, 'InitiateMultipartUploadResult'), 'UploadId');
  if (uploadId === '') throw new S3Failure({ status: 200, code: 'AnswerNotUnderstood' });
  try {
    const parts = await sendParts(bucket, object, uploadId);
    const query = { uploadId };
    const body = bodyOfText(listOf(parts));
    const done = await bucket.ask(
      { method: 'POST', name, query, headers: condition, body, signal },
      200,
    );
    await xmlOf(done, 'CompleteMultipartUploadResult');
  } catch (error) {
    await giveUp(bucket, name, uploadId);
    throw error;
  }
}

async function sendParts(
  bucket: S3Bucket,
  { key, parts, signal }: ObjectToPut,
  uploadId: string,
): Promise<SentPart[]> {
  const { prefix, multipart } = bucket.settings;
  const sent: SentPart[] = [];
  for (let offset = 0; offset < bytesOf(parts); offset += multipart.partBytes) {
    const slices = [...slicesOf(parts, offset, multipart.partBytes)];
    const body = await bodyOfParts(slices, signal);
    const checksum = await checksumOf(bucket, body, signal);
    const number = sent.length + 1;
    const query = { partNumber: String(number), uploadId };
    const { headers } = checksum;
    const answer = await bucket.ask(
      { method: 'PUT', name: prefix + key, query, headers, body, signal },
      200,
    );
    await textOf(answer);
    checksum.verify(answer);
    const etag = headerOf(answer, 'etag') ?? '';
    sent.push({ number, etag, sha256: headers['x-amz-checksum-sha256'] });
  }
  return sent;
}

function listOf(parts: readonly SentPart[]): string {
  const elements = parts.map(({ number, etag, sha256 }) => {
    const checksum = sha256 === undefined ? '' : `<ChecksumSHA256>${sha256}</ChecksumSHA256>`;
    const tag = etag.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
    return `<Part><PartNumber>${number}</PartNumber><ETag>${tag}</ETag>${checksum}</Part>`;
  });
  return `<CompleteMultipartUpload>${elements.join('')}</CompleteMultipartUpload>`;
}

/** The first error is the one to tell; what is left here is found by `abortLeftovers`. */
async function giveUp(bucket: S3Bucket, name: string, uploadId: string): Promise<void> {
  try {
    await abortUpload(bucket, name, uploadId);
  } catch (error) {
    if (!isS3Failure(error) && !(error instanceof Error && 'code' in error)) throw error;
  }
}

/** Frees the parts of an upload that did not become an object. Uploads that are gone are fine. */
export async function abortUpload(bucket: S3Bucket, name: string, uploadId: string): Promise<void> {
  const query = { uploadId };
  await textOf(await bucket.ask({ method: 'DELETE', name, query }, 200, 204, 404));
}
