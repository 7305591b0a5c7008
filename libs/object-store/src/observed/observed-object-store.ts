import { isArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import type { DeletableObjectStore, ListedObject, ObjectStore } from '../object-store.js';

/** One call that has ended. */
export interface ObservedCall {
  readonly operation: ObservedOperation;
  /** Spent in the store; of a listing without what its reader did in between. */
  readonly seconds: number;
  /** That were written or read; 0 for a call that failed. */
  readonly bytes: number;
  /** Why it failed: a code of ours, or `FAULT`. */
  readonly failure: string | undefined;
}

export type ObservedOperation = (typeof OBSERVED_OPERATIONS)[number];

export const OBSERVED_OPERATIONS = ['put', 'read', 'stat', 'list', 'remove'] as const;

export interface Observer {
  readonly clock: Pick<Clock, 'monotonicMs'>;
  /** Must not throw. */
  readonly onCall: (call: ObservedCall) => void;
}

/** Tells of every call how long it took and how it ended; changes nothing. */
export function observedObjectStore(
  inner: DeletableObjectStore,
  observer: Observer,
): DeletableObjectStore;
export function observedObjectStore(inner: ObjectStore, observer: Observer): ObjectStore;
export function observedObjectStore(
  inner: ObjectStore | DeletableObjectStore,
  observer: Observer,
): ObjectStore | DeletableObjectStore {
  const store: ObjectStore = {
    put: async (key, parts, signal) =>
      observe(observer, 'put', async () => {
        await inner.put(key, parts, signal);
        return { value: undefined, bytes: parts.reduce((sum, part) => sum + part.length, 0) };
      }),
    read: async (key, range, signal) =>
      observe(observer, 'read', async () => {
        const value = await inner.read(key, range, signal);
        return { value, bytes: value.length };
      }),
    readInto: async (key, offset, target, signal) =>
      observe(observer, 'read', async () => {
        const bytes = target.length;
        await inner.readInto(key, offset, target, signal);
        return { value: undefined, bytes };
      }),
    stat: async (key) =>
      observe(observer, 'stat', async () => ({ value: await inner.stat(key), bytes: 0 })),
    list: (prefix) => listed(inner, prefix, observer),
  };
  if (!('remove' in inner)) return store;
  return {
    ...store,
    remove: async (keys) =>
      observe(observer, 'remove', async () => {
        await inner.remove(keys);
        return { value: undefined, bytes: 0 };
      }),
  };
}

async function observe<T>(
  { clock, onCall }: Observer,
  operation: ObservedOperation,
  call: () => Promise<{ readonly value: T; readonly bytes: number }>,
): Promise<T> {
  const startedAt = clock.monotonicMs();
  const seconds = (): number => (clock.monotonicMs() - startedAt) / 1000;
  try {
    const { value, bytes } = await call();
    onCall({ operation, seconds: seconds(), bytes, failure: undefined });
    return value;
  } catch (error) {
    onCall({ operation, seconds: seconds(), bytes: 0, failure: failureOf(error) });
    throw error;
  }
}

async function* listed(
  inner: ObjectStore,
  prefix: string,
  { clock, onCall }: Observer,
): AsyncGenerator<ListedObject> {
  const objects = inner.list(prefix)[Symbol.asyncIterator]();
  let spentMs = 0;
  let failure: string | undefined;
  try {
    for (;;) {
      const askedAt = clock.monotonicMs();
      const next = await objects.next().finally(() => {
        spentMs += clock.monotonicMs() - askedAt;
      });
      if (next.done === true) return;
      yield next.value;
    }
  } catch (error) {
    failure = failureOf(error);
    throw error;
  } finally {
    await objects.return?.();
    onCall({ operation: 'list', seconds: spentMs / 1000, bytes: 0, failure });
  }
}

function failureOf(error: unknown): string {
  return isArchiveError(error) ? error.code : 'FAULT';
}
