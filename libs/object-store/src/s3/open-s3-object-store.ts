import { assertKeyPrefix } from '../object-key.js';
import type { ObjectKey } from '../object-key.js';
import type { DeletableObjectStore, ListedObject } from '../object-store.js';
import { isArchiveError } from '@rootcellar/model';
import { createRetryBudget } from '../retrying/retry-budget.js';
import { retryingObjectStore } from '../retrying/retrying-object-store.js';
import { assertRange } from '../store-errors.js';
import { abortUploadsBegunBefore } from './leftover-uploads.js';
import { listObjects } from './list-objects.js';
import { factsOf } from './object-facts.js';
import { putObject } from './put-object.js';
import { readObject } from './read-object.js';
import type { ObjectToRead } from './read-object.js';
import { removeObjects } from './remove-objects.js';
import { s3Bucket } from './s3-bucket.js';
import type { S3Bucket } from './s3-bucket.js';
import { openS3Connection } from './s3-connection.js';
import { nodeS3Environment } from './s3-environment.js';
import type { S3Environment } from './s3-environment.js';
import { asStoreError } from './s3-errors.js';
import { completeS3Settings } from './s3-settings.js';
import type { S3Settings } from './s3-settings.js';

/** A bucket, or a prefix of one, as a store. */
export interface S3ObjectStore extends DeletableObjectStore {
  /**
   * Frees what processes that died left of uploads in parts. For the daily upkeep; opening the store does it, too.
   * @param ageMs of the uploads, at least; a day without it
   * @returns how many there were
   * @throws ArchiveError OBJECT_STORE_UNAVAILABLE, OBJECT_STORE_REFUSED
   */
  abortLeftovers(ageMs?: number): Promise<number>;
  /** Ends its connections: calls that still run fail. */
  readonly close: () => void;
}

const DAY_MS = 24 * 60 * 60 * 1000;

/**
 * Objects in a bucket that is there already, see `S3Settings`. Many processes may have it open at once. Sees that the bucket answers
 * before it resolves.
 * @throws ArchiveError CONFIG_INVALID; OBJECT_STORE_REFUSED with what to mend; OBJECT_STORE_UNAVAILABLE after its retries
 */
export async function openS3ObjectStore(
  settings: S3Settings,
  environment: S3Environment = nodeS3Environment,
): Promise<S3ObjectStore> {
  const complete = completeS3Settings(settings);
  const connection = openS3Connection(complete, environment);
  const bucket = s3Bucket(complete, connection);
  const { attempts, firstDelayMs, maxDelayMs, budget } = complete.retries;
  const { sleep, random } = environment;
  const store = retryingObjectStore(s3ObjectStore(bucket), {
    ...{ attempts, firstDelayMs, maxDelayMs, sleep, random },
    budget: createRetryBudget({ retries: budget, regained: 0.1 }),
  });
  const abortLeftovers = async (ageMs = DAY_MS): Promise<number> =>
    told(undefined, undefined, async () =>
      abortUploadsBegunBefore(bucket, new Date(environment.now().getTime() - ageMs)),
    );
  try {
    await expectAnswers(store);
    await abortWhereAllowed(abortLeftovers);
  } catch (error) {
    connection.close();
    throw error;
  }
  return { ...store, abortLeftovers, close: connection.close };
}

function s3ObjectStore(bucket: S3Bucket): DeletableObjectStore {
  const read = async <Memory extends Uint8Array>(
    object: ObjectToRead,
    memory: () => Memory,
  ): Promise<Memory> =>
    told(object.key, object.signal, async () => {
      assertRange(object.key, object.range);
      return readObject(bucket, object, memory);
    });

  return {
    put: async (key, parts, signal) =>
      told(key, signal, async () => putObject(bucket, { key, parts, signal })),
    // Not out of Node's pool: the caller may transfer it. And no Buffer, whose `slice` shares.
    read: async (key, range, signal) =>
      read(
        { key, range, signal },
        () => new Uint8Array(Buffer.allocUnsafeSlow(range.length).buffer),
      ),
    readInto: async (key, offset, target, signal) => {
      await read({ key, range: { offset, length: target.length }, signal }, () => target);
    },
    stat: async (key) => told(key, undefined, async () => factsOf(bucket, key)),
    list: async function* (prefix): AsyncGenerator<ListedObject> {
      assertKeyPrefix(prefix);
      try {
        yield* listObjects(bucket, prefix);
      } catch (error) {
        throw asStoreError(error);
      }
    },
    remove: async (keys) => told(undefined, undefined, async () => removeObjects(bucket, keys)),
  };
}

/** Runs what talks to the bucket, and tells its errors as the port's. */
async function told<T>(
  key: ObjectKey | undefined,
  signal: AbortSignal | undefined,
  act: () => Promise<T>,
): Promise<T> {
  try {
    signal?.throwIfAborted();
    return await act();
  } catch (error) {
    // An aborted request fails in many ways; all of them mean this.
    signal?.throwIfAborted();
    throw asStoreError(error, key);
  }
}

/** Tells a wrong key, a missing bucket or an unknown certificate now, and not when the first backup comes. */
async function expectAnswers(store: DeletableObjectStore): Promise<void> {
  await store.list('')[Symbol.asyncIterator]().next();
}

/** The right to see uploads of others in parts is one that operators may keep: packs go up in one request. */
async function abortWhereAllowed(abortLeftovers: () => Promise<number>): Promise<void> {
  try {
    await abortLeftovers();
  } catch (error) {
    if (!isArchiveError(error, 'OBJECT_STORE_REFUSED', 'OBJECT_STORE_UNAVAILABLE')) throw error;
  }
}
