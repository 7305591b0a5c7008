import { describe, expect, it } from '@jest/globals';
import { createMemoryObjectStore } from '../memory/memory-object-store.js';
import { objectKey } from '../object-key.js';
import { keysOf, sampleBytes, withoutRemove } from '../testing/sample-objects.js';
import { verifyObjectStore } from '../testing/index.js';
import { prefixedObjectStore } from './prefixed-object-store.js';

const LONG_NAME = objectKey(`${'k'.repeat(255)}/${'k'.repeat(255)}`);

verifyObjectStore('prefixedObjectStore', async () => {
  const inner = createMemoryObjectStore();
  // Neighbours that a careless prefix would catch.
  for (const key of ['h/1-', 'h/10/packs/a', 'h/1.x']) await inner.put(objectKey(key), []);
  return { store: prefixedObjectStore(inner, 'h/1/'), close: async () => Promise.resolve() };
});

describe('prefixedObjectStore', () => {
  it('keeps its objects below the prefix', async () => {
    const inner = createMemoryObjectStore();
    const store = prefixedObjectStore(inner, 'households/1/');

    await store.put(objectKey('packs/a'), [sampleBytes(1)]);

    expect(await keysOf(inner, '')).toEqual(['households/1/packs/a']);
    expect(await keysOf(store, '')).toEqual(['packs/a']);
  });

  it('sees and removes nothing beside it', async () => {
    const inner = createMemoryObjectStore();
    for (const key of ['h/1/a', 'h/10/a', 'h/1-a', 'a']) await inner.put(objectKey(key), []);
    const store = prefixedObjectStore(inner, 'h/1/');

    await store.remove([objectKey('a'), objectKey('h/10/a')]);

    expect(await keysOf(store, '')).toEqual([]);
    expect(await keysOf(inner, '')).toEqual(['a', 'h/1-a', 'h/10/a']);
  });

  it('refuses keys that are too long with the prefix', async () => {
    const store = prefixedObjectStore(createMemoryObjectStore(), 'h/');

    await expect(store.put(LONG_NAME, [])).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });

  it.each(['', '/', 'a', '../', 'a//', '/a/'])('refuses the prefix "%s"', (prefix) => {
    expect(() => prefixedObjectStore(createMemoryObjectStore(), prefix)).toThrow(
      expect.objectContaining({ code: 'INPUT_INVALID' }),
    );
  });

  it('gives no right to delete where there was none', () => {
    const readable = withoutRemove(createMemoryObjectStore());

    const store = prefixedObjectStore(readable, 'a/');

    expect('remove' in store).toBe(false);
  });
});
