import { ArchiveError } from '@rootcellar/model';
import type { ObjectKey } from '../object-key.js';
import { objectVersions } from './object-versions.js';
import { textIn, textOf, xmlOf } from './s3-answer.js';
import { headerOf } from './s3-bucket.js';
import type { S3Bucket } from './s3-bucket.js';
import { isS3Failure } from './s3-failure.js';

const CONCURRENT_REMOVALS = 8;

/**
 * Deletes objects so that their bytes come back: in a bucket with versions every version by its id, and the marks of former
 * deletions. There a deletion without an id would only hide the object, a locked one too. One request each: DeleteObjects would save some,
 * but Ceph judges it by rights on the whole bucket.
 * @throws ArchiveError OBJECT_LOCKED
 */
export async function removeObjects(bucket: S3Bucket, keys: readonly ObjectKey[]): Promise<void> {
  if (keys.length === 0) return;
  // Asked each time: versions can be turned on at any moment, and deletions that only hide cost for ever.
  const versioned = await isVersioned(bucket);
  const queue = new Set(keys).values();
  const lane = async (): Promise<void> => {
    for (const key of queue) {
      if (versioned) await removeVersions(bucket, key);
      else await removeOne(bucket, key, {});
    }
  };
  // When it rejects, nothing of it goes on behind the caller's back.
  const lanes = await Promise.allSettled(Array.from({ length: CONCURRENT_REMOVALS }, lane));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}

async function isVersioned(bucket: S3Bucket): Promise<boolean> {
  const answer = await bucket.ask({ method: 'GET', query: { versioning: '' } }, 200);
  // Suspended, too: versions from before are still there.
  return textIn(await xmlOf(answer, 'VersioningConfiguration'), 'Status') !== '';
}

async function removeVersions(bucket: S3Bucket, key: ObjectKey): Promise<void> {
  const versionIds: string[] = [];
  for await (const versionId of objectVersions(bucket, bucket.settings.prefix + key)) {
    versionIds.push(versionId);
  }
  for (const versionId of versionIds) await removeOne(bucket, key, { versionId });
}

type Version = Readonly<Record<string, string>>;

async function removeOne(bucket: S3Bucket, key: ObjectKey, query: Version): Promise<void> {
  const name = bucket.settings.prefix + key;
  try {
    await textOf(await bucket.ask({ method: 'DELETE', name, query }, 200, 204));
  } catch (error) {
    if (isS3Failure(error, 'NoSuchKey', 'NoSuchVersion')) return;
    // Servers call a lock AccessDenied, as they call missing rights: the object itself knows which it is.
    if (isS3Failure(error, 400, 403)) await expectNoLock(bucket, key, query);
    throw error;
  }
}

async function expectNoLock(bucket: S3Bucket, key: ObjectKey, query: Version): Promise<void> {
  const lock = await lockOf(bucket, bucket.settings.prefix + key, query);
  if (lock === undefined) return;
  throw new ArchiveError(
    'OBJECT_LOCKED',
    'The bucket keeps an object under a lock. It was not deleted and stays readable.',
    {
      details: { key, ...lock },
      hint: 'Its space comes back after the lock has ended; the next collection tries again.',
    },
  );
}

async function lockOf(
  bucket: S3Bucket,
  name: string,
  query: Version,
): Promise<Readonly<Record<string, string>> | undefined> {
  try {
    const answer = await bucket.ask({ method: 'HEAD', name, query }, 200);
    await textOf(answer);
    const mode = headerOf(answer, 'x-amz-object-lock-mode');
    const until = headerOf(answer, 'x-amz-object-lock-retain-until-date');
    const hold = headerOf(answer, 'x-amz-object-lock-legal-hold');
    if (mode !== undefined) return { lock: mode, ...(until !== undefined && { until }) };
    return hold === 'ON' ? { lock: 'legal hold' } : undefined;
  } catch (error) {
    if (isS3Failure(error, 403, 404, 405)) return undefined;
    throw error;
  }
}
