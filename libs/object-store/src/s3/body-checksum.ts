import type { IncomingMessage } from 'node:http';
import { digestOf } from './s3-body.js';
import type { S3Body } from './s3-body.js';
import { headerOf } from './s3-bucket.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure } from './s3-failure.js';
import type { S3Headers } from './signed-request.js';

/** How a body is protected on its way, besides by the SHA-256 in the signature. */
export interface BodyChecksum {
  readonly headers: S3Headers;
  /** @throws S3Failure when the server says that it got something else */
  verify(answer: IncomingMessage): void;
}

export async function checksumOf(
  { settings }: S3Bucket,
  body: S3Body,
  signal: AbortSignal | undefined,
): Promise<BodyChecksum> {
  if (settings.checksum === 'sha256') {
    const sha256 = Buffer.from(body.sha256, 'hex').toString('base64');
    const name = 'x-amz-checksum-sha256';
    return {
      headers: { [name]: sha256 },
      verify: (answer) => expectEqual(headerOf(answer, name) ?? sha256, sha256),
    };
  }
  const md5 = await digestOf('md5', body.parts, signal);
  return {
    headers: { 'content-md5': Buffer.from(md5, 'hex').toString('base64') },
    verify: (answer) => {
      const tag = headerOf(answer, 'etag')?.replaceAll('"', '').toLowerCase();
      // Where the server encrypts with keys of its own, the ETag is no digest.
      const isDigest = (headerOf(answer, 'x-amz-server-side-encryption') ?? 'AES256') === 'AES256';
      if (isDigest && tag !== undefined && /^[0-9a-f]{32}$/.test(tag)) expectEqual(tag, md5);
    },
  };
}

function expectEqual(theirs: string, ours: string): void {
  if (theirs !== ours) throw new S3Failure({ status: 200, code: 'BadDigest' });
}
