import { describe, expect, it } from '@jest/globals';
import { ArchiveError, systemClock } from '@rootcellar/model';
import {
  createMemoryObjectStore,
  faultyObjectStore,
  objectKey,
  scriptedFaults,
} from '@rootcellar/object-store';
import type { DeletableObjectStore, Fault, StoreCall } from '@rootcellar/object-store';
import { checkObjectStore } from './check-object-store.js';

const away = new ArchiveError('OBJECT_STORE_UNAVAILABLE', 'away');
const full = new ArchiveError('STORAGE_FULL', 'full');

function failing(
  inner: DeletableObjectStore,
  operation: StoreCall['operation'],
  fault: Fault,
): DeletableObjectStore {
  const faults = scriptedFaults([{ operation, count: 1, fault }]);
  return faultyObjectStore(inner, faults, async () => Promise.resolve());
}

async function keys(store: DeletableObjectStore): Promise<string[]> {
  const found = [];
  for await (const { key } of store.list('')) found.push(key);
  return found;
}

describe('examining the object store', () => {
  it('finds that all is well, and leaves nothing behind', async () => {
    const store = createMemoryObjectStore();

    const findings = await checkObjectStore(store, systemClock);

    expect(findings.map(({ id, level }) => [id, level])).toEqual([
      ['object-store', 'ok'],
      ['object-store-clock', 'ok'],
    ]);
    expect(await keys(store)).toEqual([]);
  });

  it.each<[StoreCall['operation'], Fault, string]>([
    ['put', { before: away }, 'cannot put (OBJECT_STORE_UNAVAILABLE)'],
    ['put', { before: full }, 'cannot put (STORAGE_FULL)'],
    ['put', { after: away }, 'cannot put'],
    ['read', { before: away }, 'cannot read'],
    ['read', { truncateTo: 3 }, 'cannot read'],
    ['list', { before: away }, 'cannot list'],
    ['remove', { before: away }, 'cannot remove'],
  ])('finds that it cannot %s: %j', async (operation, fault, words) => {
    const store = createMemoryObjectStore();

    const [finding] = await checkObjectStore(failing(store, operation, fault), systemClock);

    expect(finding).toMatchObject({
      ...{ id: 'object-store', level: 'fail' },
      what: expect.stringContaining(words),
      remedy: expect.stringMatching(/./),
    });
    expect(await keys(store)).toHaveLength(operation === 'remove' ? 1 : 0);
  });

  it('finds a store that does not remove what it says it removed', async () => {
    const store = { ...createMemoryObjectStore(), remove: async () => Promise.resolve() };

    const [finding] = await checkObjectStore(store, systemClock);

    expect(finding?.what).toContain('cannot remove');
  });

  it('finds that the clock of the store is wrong', async () => {
    const inner = createMemoryObjectStore();
    const modifiedAt = new Date(systemClock.now().getTime() - 600_000);
    const store: DeletableObjectStore = {
      ...inner,
      stat: async (key) => {
        const facts = await inner.stat(key);
        return facts && { ...facts, modifiedAt };
      },
    };

    const findings = await checkObjectStore(store, systemClock);

    expect(findings.find(({ id }) => id === 'object-store-clock')?.level).toBe('fail');
  });

  it('touches nothing that is not its own', async () => {
    const store = createMemoryObjectStore();
    await store.put(objectKey('doctor/other'), []);

    await checkObjectStore(store, systemClock);

    expect(await keys(store)).toEqual(['doctor/other']);
  });
});
