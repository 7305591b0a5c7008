import { describe, expect, it } from '@jest/globals';
import { ArchiveError, systemClock } from '@rootcellar/model';
import { scriptedFaults } from '../faulty/fault-plans.js';
import { faultyObjectStore } from '../faulty/faulty-object-store.js';
import { createMemoryObjectStore } from '../memory/memory-object-store.js';
import { objectKey } from '../object-key.js';
import { verifyObjectStore } from '../testing/index.js';
import { keysOf, sampleBytes, withoutRemove } from '../testing/sample-objects.js';
import { observedObjectStore } from './observed-object-store.js';
import type { ObservedCall } from './observed-object-store.js';

verifyObjectStore('observedObjectStore', () => {
  const observer = { clock: systemClock, onCall: () => undefined };
  const store = observedObjectStore(createMemoryObjectStore(), observer);
  return Promise.resolve({ store, close: async () => Promise.resolve() });
});

/** A clock that goes on by a second whenever it is asked. */
function ticking(): { monotonicMs: () => number } {
  let ms = 0;
  return { monotonicMs: () => (ms += 1000) };
}

const KEY = objectKey('packs/a');

describe('observedObjectStore', () => {
  it('tells of each call how long it took and how many bytes it moved', async () => {
    const calls: ObservedCall[] = [];
    const store = observedObjectStore(createMemoryObjectStore(), {
      clock: ticking(),
      onCall: (call) => calls.push(call),
    });

    await store.put(KEY, [sampleBytes(1000), sampleBytes(24)]);
    await store.read(KEY, { offset: 0, length: 100 });
    await store.readInto(KEY, 0, new Uint8Array(7));
    await store.stat(KEY);
    await keysOf(store, '');
    await store.remove([KEY]);

    expect(calls.map(({ operation, bytes }) => [operation, bytes])).toEqual([
      ...[
        ['put', 1024],
        ['read', 100],
        ['read', 7],
      ],
      ...[
        ['stat', 0],
        ['list', 0],
        ['remove', 0],
      ],
    ]);
    expect(calls.every(({ seconds, failure }) => seconds >= 1 && failure === undefined)).toBe(true);
  });

  it('tells by which code a call failed, and hands the failure on', async () => {
    const calls: ObservedCall[] = [];
    const away = new ArchiveError('OBJECT_STORE_UNAVAILABLE', 'away');
    const faults = scriptedFaults([
      { operation: 'put', count: 1, fault: { before: away } },
      { operation: 'list', count: 1, fault: { before: new TypeError('a fault') } },
    ]);
    const inner = faultyObjectStore(createMemoryObjectStore(), faults, async () =>
      Promise.resolve(),
    );
    const store = observedObjectStore(inner, {
      clock: systemClock,
      onCall: (call) => calls.push(call),
    });

    await expect(store.put(KEY, [sampleBytes(1)])).rejects.toBe(away);
    await expect(keysOf(store, '')).rejects.toThrow('a fault');
    await expect(store.read(KEY, { offset: 0, length: 1 })).rejects.toMatchObject({
      code: 'OBJECT_NOT_FOUND',
    });

    expect(calls.map(({ failure, bytes }) => [failure, bytes])).toEqual([
      ['OBJECT_STORE_UNAVAILABLE', 0],
      ['FAULT', 0],
      ['OBJECT_NOT_FOUND', 0],
    ]);
  });

  it('tells of a listing that its reader leaves', async () => {
    const calls: ObservedCall[] = [];
    const store = observedObjectStore(createMemoryObjectStore(), {
      clock: systemClock,
      onCall: (call) => calls.push(call),
    });
    for (const key of ['a', 'b']) await store.put(objectKey(key), []);

    for await (const { key } of store.list('')) if (key === 'a') break;

    expect(calls.at(-1)).toMatchObject({ operation: 'list', failure: undefined });
  });

  it('gives no right to delete where there was none', () => {
    const readable = withoutRemove(createMemoryObjectStore());

    const store = observedObjectStore(readable, { clock: systemClock, onCall: () => undefined });

    expect('remove' in store).toBe(false);
  });
});
