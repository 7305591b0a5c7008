import { createHash } from 'node:crypto';
import { ArchiveError } from '@rootcellar/model';
import type { ObjectKey } from '../object-key.js';
import { objectVersions } from './object-versions.js';
import { elementsIn, textIn, textOf, xmlOf } from './s3-answer.js';
import type { XmlElement } from './s3-answer.js';
import { bodyOfText } from './s3-body.js';
import { headerOf } from './s3-bucket.js';
import type { S3Bucket } from './s3-bucket.js';
import { S3Failure, isS3Failure } from './s3-failure.js';

/** What S3 takes in one request. */
const BATCH = 1000;
const CONCURRENT_LISTINGS = 8;

/** One stored thing: an object, one of its versions, or a mark that says that it was deleted. */
interface Doomed {
  readonly name: string;
  readonly versionId: string | undefined;
}

/**
 * Deletes objects so that their bytes come back: in a bucket with versions every version by its id, and the marks of former
 * deletions. There a deletion without an id would only hide the object, a locked one too.
 * @throws ArchiveError OBJECT_LOCKED
 */
export async function removeObjects(bucket: S3Bucket, keys: readonly ObjectKey[]): Promise<void> {
  if (keys.length === 0) return;
  const names = [...new Set(keys)].map((key) => bucket.settings.prefix + key);
  // Asked each time: versions can be turned on at any moment, and deletions that only hide cost for ever.
  const versioned = await isVersioned(bucket);
  for (let from = 0; from < names.length; from += BATCH) {
    const batch = names.slice(from, from + BATCH);
    if (versioned) await removeVersions(bucket, batch);
    else await deleteAll(bucket, batch.map(onlyVersion));
  }
}

async function isVersioned(bucket: S3Bucket): Promise<boolean> {
  const answer = await bucket.ask({ method: 'GET', query: { versioning: '' } }, 200);
  // Suspended, too: versions from before are still there.
  return textIn(await xmlOf(answer, 'VersioningConfiguration'), 'Status') !== '';
}

function onlyVersion(name: string): Doomed {
  return { name, versionId: undefined };
}

async function removeVersions(bucket: S3Bucket, names: readonly string[]): Promise<void> {
  const queue = names.values();
  const doomed: Doomed[] = [];
  const lane = async (): Promise<void> => {
    for (const name of queue) {
      for await (const versionId of objectVersions(bucket, name)) doomed.push({ name, versionId });
    }
  };
  // When it rejects, nothing of it goes on behind the caller's back.
  const lanes = await Promise.allSettled(Array.from({ length: CONCURRENT_LISTINGS }, lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
  for (let from = 0; from < doomed.length; from += BATCH) {
    await deleteAll(bucket, doomed.slice(from, from + BATCH));
  }
}

async function deleteAll(bucket: S3Bucket, doomed: readonly Doomed[]): Promise<void> {
  const text = requestOf(doomed);
  // Wanted by S3 for this request since ever; other checksums are younger.
  const headers = { 'content-md5': createHash('md5').update(text).digest('base64') };
  const body = bodyOfText(text);
  const answer = await bucket.ask({ method: 'POST', query: { delete: '' }, headers, body }, 200);
  const result = await xmlOf(answer, 'DeleteResult');
  for (const error of elementsIn(result, 'Error')) await explain(bucket, error);
}

function requestOf(doomed: readonly Doomed[]): string {
  const objects = doomed.map(({ name, versionId }) => {
    const version = versionId === undefined ? '' : `<VersionId>${versionId}</VersionId>`;
    return `<Object><Key>${name}</Key>${version}</Object>`;
  });
  return `<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${objects.join('')}</Delete>`;
}

/** Servers call a lock AccessDenied, as they call missing rights: the object itself knows which it is. */
async function explain(bucket: S3Bucket, error: XmlElement): Promise<void> {
  const code = textIn(error, 'Code');
  if (code === 'NoSuchKey' || code === 'NoSuchVersion') return;
  const name = textIn(error, 'Key');
  const versionId = textIn(error, 'VersionId');
  const lock = await lockOf(bucket, name, versionId);
  if (lock === undefined) throw new S3Failure({ status: 403, code });
  throw new ArchiveError(
    'OBJECT_LOCKED',
    'The bucket keeps an object under a lock. It was not deleted and stays readable.',
    {
      details: { key: name.slice(bucket.settings.prefix.length), ...lock },
      hint: 'Its space comes back after the lock has ended; the next collection tries again.',
    },
  );
}

async function lockOf(
  bucket: S3Bucket,
  name: string,
  versionId: string,
): Promise<Readonly<Record<string, string>> | undefined> {
  const query: Readonly<Record<string, string>> = versionId === '' ? {} : { versionId };
  try {
    const answer = await bucket.ask({ method: 'HEAD', name, query }, 200);
    await textOf(answer);
    const mode = headerOf(answer, 'x-amz-object-lock-mode');
    const until = headerOf(answer, 'x-amz-object-lock-retain-until-date');
    const hold = headerOf(answer, 'x-amz-object-lock-legal-hold');
    if (mode !== undefined) return { lock: mode, ...(until !== undefined && { until }) };
    return hold === 'ON' ? { lock: 'legal hold' } : undefined;
  } catch (error) {
    if (isS3Failure(error, 403, 404)) return undefined;
    throw error;
  }
}
