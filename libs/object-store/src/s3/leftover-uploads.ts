import { isObjectKey } from '../object-key.js';
import { decodedName } from './list-objects.js';
import { abortUpload } from './put-in-parts.js';
import { elementsIn, textIn, xmlOf } from './s3-answer.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure } from './s3-failure.js';

interface OpenUpload {
  readonly name: string;
  readonly uploadId: string;
  readonly begunAt: Date;
}

/**
 * Aborts the uploads in parts below the store's prefix that were begun before a time: processes that died left them, and what lies in them
 * is paid for and never listed.
 * @returns how many
 */
export async function abortUploadsBegunBefore(bucket: S3Bucket, time: Date): Promise<number> {
  const old: OpenUpload[] = [];
  for await (const upload of openUploads(bucket)) {
    if (upload.begunAt < time) old.push(upload);
  }
  for (const { name, uploadId } of old) await abortUpload(bucket, name, uploadId);
  return old.length;
}

async function* openUploads(bucket: S3Bucket): AsyncGenerator<OpenUpload> {
  const { prefix } = bucket.settings;
  const query = { uploads: '', prefix, 'encoding-type': 'url' };
  for (let marker: Readonly<Record<string, string>> = {}; ;) {
    const answer = await bucket.ask({ method: 'GET', query: { ...query, ...marker } }, 200);
    const page = await xmlOf(answer, 'ListMultipartUploadsResult');
    for (const element of elementsIn(page, 'Upload')) {
      const name = decodedName(element);
      const begunAt = new Date(textIn(element, 'Initiated'));
      const ours = name.startsWith(prefix) && isObjectKey(name.slice(prefix.length));
      if (ours) yield { name, uploadId: textIn(element, 'UploadId'), begunAt };
    }
    if (textIn(page, 'IsTruncated') !== 'true') return;
    const next = {
      'key-marker': decodedName({ Key: page['NextKeyMarker'] }),
      'upload-id-marker': textIn(page, 'NextUploadIdMarker'),
    };
    if (next['key-marker'] === '' || JSON.stringify(next) === JSON.stringify(marker)) {
      throw new S3Failure({ status: 200, code: 'AnswerNotUnderstood' });
    }
    marker = next;
  }
}
