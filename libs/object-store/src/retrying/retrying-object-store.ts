import { isArchiveError } from '@rootcellar/model';
import type { DeletableObjectStore, ListedObject, ObjectStore } from '../object-store.js';
import type { RetryBudget } from './retry-budget.js';

export interface RetryOptions {
  /** How often a call is made at most, the first time included. */
  readonly attempts: number;
  /** Longest wait before the second attempt, in milliseconds; it doubles with each attempt … */
  readonly firstDelayMs: number;
  /** … up to this. */
  readonly maxDelayMs: number;
  /** Waits; rejects when the signal is aborted. */
  readonly sleep: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** 0 ≤ x < 1: many clients of one store must not come back at the same moment. */
  readonly random: () => number;
  /** Shared by all calls; without it each has its attempts, whatever becomes of the others. */
  readonly budget?: RetryBudget;
}

/**
 * Calls again, a bounded number of times, when a store is unavailable; any other error is the caller's at once. Waits are random
 * between 0 and a bound that doubles ("full jitter", AWS Architecture Blog, Exponential Backoff And Jitter, 2015). A
 * listing goes on behind the last key it gave.
 */
export function retryingObjectStore(
  inner: DeletableObjectStore,
  options: RetryOptions,
): DeletableObjectStore;
export function retryingObjectStore(inner: ObjectStore, options: RetryOptions): ObjectStore;
export function retryingObjectStore(
  inner: ObjectStore | DeletableObjectStore,
  options: RetryOptions,
): ObjectStore | DeletableObjectStore {
  const store: ObjectStore = {
    put: async (key, parts, signal) =>
      retry(options, async () => inner.put(key, parts, signal), signal),
    read: async (key, range, signal) =>
      retry(options, async () => inner.read(key, range, signal), signal),
    readInto: async (key, offset, target, signal) =>
      retry(options, async () => inner.readInto(key, offset, target, signal), signal),
    stat: async (key) => retry(options, async () => inner.stat(key)),
    list: (prefix) => listOn(inner, prefix, options),
  };
  if (!('remove' in inner)) return store;
  return { ...store, remove: async (keys) => retry(options, async () => inner.remove(keys)) };
}

async function retry<T>(
  options: RetryOptions,
  call: () => Promise<T>,
  signal?: AbortSignal,
): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const result = await call();
      options.budget?.succeeded();
      return result;
    } catch (error) {
      if (!mayRetry(error, attempt, options)) throw error;
    }
    await wait(attempt, options, signal);
  }
}

async function* listOn(
  inner: ObjectStore,
  prefix: string,
  options: RetryOptions,
): AsyncGenerator<ListedObject> {
  let last = '';
  for (let attempt = 1; ; attempt += 1) {
    const objects = inner.list(prefix)[Symbol.asyncIterator]();
    try {
      for (;;) {
        const next = await nextOf(objects, attempt, options);
        if (next === 'failed') break;
        if (next.done === true) return;
        // Keys ascend: what is not behind the last one was given before the listing broke off.
        if (next.value.key <= last) continue;
        last = next.value.key;
        attempt = 1;
        yield next.value;
      }
    } finally {
      await objects.return?.();
    }
    await wait(attempt, options);
  }
}

async function nextOf(
  objects: AsyncIterator<ListedObject, unknown>,
  attempt: number,
  options: RetryOptions,
): Promise<IteratorResult<ListedObject, unknown> | 'failed'> {
  try {
    const next = await objects.next();
    if (next.done === true) options.budget?.succeeded();
    return next;
  } catch (error) {
    if (!mayRetry(error, attempt, options)) throw error;
    return 'failed';
  }
}

function mayRetry(error: unknown, attempt: number, { attempts, budget }: RetryOptions): boolean {
  if (attempt >= attempts || !isArchiveError(error, 'OBJECT_STORE_UNAVAILABLE')) return false;
  return budget?.take() ?? true;
}

async function wait(attempt: number, options: RetryOptions, signal?: AbortSignal): Promise<void> {
  const bound = Math.min(options.maxDelayMs, options.firstDelayMs * 2 ** (attempt - 1));
  await options.sleep(bound * options.random(), signal);
}
