import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import type { ErrorCode } from '@rootcellar/model';
import { scriptedFaults, seededFaults } from '../faulty/fault-plans.js';
import { faultyObjectStore } from '../faulty/faulty-object-store.js';
import type { FaultPlan } from '../faulty/faulty-object-store.js';
import { createMemoryObjectStore } from '../memory/memory-object-store.js';
import { objectKey } from '../object-key.js';
import { keysOf, withoutRemove } from '../testing/sample-objects.js';
import { verifyObjectStore } from '../testing/index.js';
import { retryingObjectStore } from './retrying-object-store.js';
import type { RetryOptions } from './retrying-object-store.js';

const A = objectKey('a');
const asleep = async (): Promise<void> => Promise.resolve();

const OPTIONS: RetryOptions = {
  attempts: 4,
  firstDelayMs: 100,
  maxDelayMs: 300,
  sleep: asleep,
  random: () => 0.5,
};

verifyObjectStore('retryingObjectStore over a store that often fails', async () => {
  const plan = seededFaults({ seed: 42, failures: 0.3 });
  const faulty = faultyObjectStore(createMemoryObjectStore(), plan, asleep);
  return Promise.resolve({
    store: retryingObjectStore(faulty, { ...OPTIONS, attempts: 30 }),
    close: asleep,
  });
});

/** Every call of these operations fails. */
function alwaysFails(code: ErrorCode): { plan: FaultPlan; calls: () => number } {
  let calls = 0;
  return {
    plan: () => {
      calls += 1;
      return { before: new ArchiveError(code, 'planned') };
    },
    calls: () => calls,
  };
}

describe('retryingObjectStore', () => {
  it('gives up after as many attempts as it is told', async () => {
    const { plan, calls } = alwaysFails('OBJECT_STORE_UNAVAILABLE');
    const store = retryingObjectStore(
      faultyObjectStore(createMemoryObjectStore(), plan, asleep),
      OPTIONS,
    );

    await expect(store.put(A, [])).rejects.toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE' });
    expect(calls()).toBe(4);
    await expect(keysOf(store, '')).rejects.toMatchObject({ code: 'OBJECT_STORE_UNAVAILABLE' });
    expect(calls()).toBe(8);
  });

  it.each<ErrorCode>(['STORAGE_FULL', 'OBJECT_NOT_FOUND', 'OBJECT_RANGE_INVALID', 'INTERNAL'])(
    'does not try again after %s',
    async (code) => {
      const { plan, calls } = alwaysFails(code);
      const store = retryingObjectStore(
        faultyObjectStore(createMemoryObjectStore(), plan, asleep),
        OPTIONS,
      );

      await expect(store.read(A, { offset: 0, length: 1 })).rejects.toMatchObject({ code });
      await expect(keysOf(store, '')).rejects.toMatchObject({ code });

      expect(calls()).toBe(2);
    },
  );

  it('waits longer each time, up to a bound, times chance', async () => {
    const { plan } = alwaysFails('OBJECT_STORE_UNAVAILABLE');
    const waits: number[] = [];
    const store = retryingObjectStore(faultyObjectStore(createMemoryObjectStore(), plan, asleep), {
      ...OPTIONS,
      sleep: async (milliseconds) => Promise.resolve(void waits.push(milliseconds)),
    });

    await expect(store.stat(A)).rejects.toThrow('planned');

    expect(waits).toEqual([50, 100, 150]);
  });

  it('stops waiting when the signal is aborted', async () => {
    const { plan, calls } = alwaysFails('OBJECT_STORE_UNAVAILABLE');
    const reason = new Error('enough');
    const signal = AbortSignal.abort(reason);
    const store = retryingObjectStore(faultyObjectStore(createMemoryObjectStore(), plan, asleep), {
      ...OPTIONS,
      sleep: async (_, given) => Promise.resolve(given?.throwIfAborted()),
    });

    await expect(store.put(A, [], signal)).rejects.toBe(reason);

    expect(calls()).toBe(1);
  });

  it('goes on with a listing where it broke off', async () => {
    const after = new ArchiveError('OBJECT_STORE_UNAVAILABLE', 'broke off');
    const inner = createMemoryObjectStore();
    for (const key of ['a', 'b', 'c']) await inner.put(objectKey(key), []);
    const plan = scriptedFaults([
      { operation: 'list', count: 1, fault: { after } },
      { operation: 'list', count: 2, fault: { before: after } },
    ]);
    const store = retryingObjectStore(faultyObjectStore(inner, plan, asleep), OPTIONS);

    expect(await keysOf(store, '')).toEqual(['a', 'b', 'c']);
  });

  it('gives no right to delete where there was none', () => {
    const readable = withoutRemove(createMemoryObjectStore());

    const store = retryingObjectStore(readable, OPTIONS);

    expect('remove' in store).toBe(false);
  });
});
