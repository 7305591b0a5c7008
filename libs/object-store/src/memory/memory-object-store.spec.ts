import { describe, expect, it } from '@jest/globals';
import { objectKey } from '../object-key.js';
import { verifyObjectStore } from '../testing/index.js';
import { createMemoryObjectStore } from './memory-object-store.js';

verifyObjectStore('createMemoryObjectStore', async () =>
  Promise.resolve({ store: createMemoryObjectStore(), close: async () => Promise.resolve() }),
);

describe('createMemoryObjectStore', () => {
  it('dates objects by the clock it is given', async () => {
    const now = new Date('2026-11-22T12:00:00Z');
    const store = createMemoryObjectStore({ now: () => now, monotonicMs: () => 0 });

    await store.put(objectKey('a'), []);

    expect(await store.stat(objectKey('a'))).toEqual({ size: 0, modifiedAt: now });
  });
});
