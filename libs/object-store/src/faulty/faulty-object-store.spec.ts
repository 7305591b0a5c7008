import { describe, expect, it } from '@jest/globals';
import { ArchiveError } from '@rootcellar/model';
import { setTimeout as sleep } from 'node:timers/promises';
import { createMemoryObjectStore } from '../memory/memory-object-store.js';
import { objectKey } from '../object-key.js';
import type { DeletableObjectStore } from '../object-store.js';
import { keysOf, readWhole, sampleBytes } from '../testing/sample-objects.js';
import { verifyObjectStore } from '../testing/index.js';
import { scriptedFaults, seededFaults } from './fault-plans.js';
import type { ScriptedFault } from './fault-plans.js';
import { faultyObjectStore } from './faulty-object-store.js';

const KEYS = ['a', 'b', 'c', 'd'].map(objectKey);
const [A = objectKey('a')] = KEYS;
const DOWN = new ArchiveError('OBJECT_STORE_UNAVAILABLE', 'down');

const asleep = async (): Promise<void> => Promise.resolve();

verifyObjectStore('faultyObjectStore without faults', async () =>
  Promise.resolve({
    store: faultyObjectStore(createMemoryObjectStore(), () => undefined, asleep),
    close: asleep,
  }),
);

verifyObjectStore('faultyObjectStore that only delays', async () => {
  const plan = seededFaults({ seed: 1, failures: 0, maxDelayMs: 2 });
  return Promise.resolve({
    store: faultyObjectStore(createMemoryObjectStore(), plan, async (ms) => sleep(ms)),
    close: asleep,
  });
});

function scripted(...script: ScriptedFault[]): {
  inner: DeletableObjectStore;
  store: DeletableObjectStore;
} {
  const inner = createMemoryObjectStore();
  return { inner, store: faultyObjectStore(inner, scriptedFaults(script), asleep) };
}

describe('faultyObjectStore', () => {
  it('fails before anything happened', async () => {
    const { inner, store } = scripted({ operation: 'put', count: 2, fault: { before: DOWN } });

    await store.put(A, []);
    await expect(store.put(objectKey('b'), [])).rejects.toBe(DOWN);
    await store.put(objectKey('c'), []);

    expect(await keysOf(inner, '')).toEqual(['a', 'c']);
  });

  it('fails when it has happened', async () => {
    const { inner, store } = scripted({ operation: 'put', count: 1, fault: { after: DOWN } });

    await expect(store.put(A, [])).rejects.toBe(DOWN);

    expect(await keysOf(inner, '')).toEqual(['a']);
  });

  it('leaves half of the keys when a removal fails', async () => {
    const { inner, store } = scripted({ operation: 'remove', count: 1, fault: { after: DOWN } });
    for (const key of KEYS) await inner.put(key, []);

    await expect(store.remove(KEYS)).rejects.toBe(DOWN);

    expect(await keysOf(inner, '')).toEqual(['c', 'd']);
  });

  it('breaks a listing off behind its first object', async () => {
    const { inner, store } = scripted({ operation: 'list', count: 1, fault: { after: DOWN } });
    for (const key of KEYS) await inner.put(key, []);

    const listed: string[] = [];
    const listing = (async () => {
      for await (const { key } of store.list('')) listed.push(key);
    })();

    await expect(listing).rejects.toBe(DOWN);
    expect(listed).toEqual(['a']);
  });

  it('gives fewer bytes than asked for', async () => {
    const { store } = scripted({ operation: 'read', count: 1, fault: { truncateTo: 3 } });
    await store.put(A, [sampleBytes(10)]);

    expect(await readWhole(store, A, 10)).toHaveLength(3);
    expect(await readWhole(store, A, 10)).toHaveLength(10);
  });

  it('fails reads and stats too', async () => {
    const { store } = scripted(
      { operation: 'read', count: 1, fault: { after: DOWN } },
      { operation: 'stat', count: 1, fault: { after: DOWN } },
    );
    await store.put(A, [sampleBytes(1)]);

    await expect(readWhole(store, A, 1)).rejects.toBe(DOWN);
    await expect(store.stat(A)).rejects.toBe(DOWN);
  });
});

describe('seededFaults', () => {
  const calls = Array.from({ length: 1000 }, (_, at) => ({
    operation: 'put' as const,
    keys: [],
    count: at + 1,
  }));

  it('is the same for the same seed, and another for another', () => {
    const [one, same, other] = [7, 7, 8].map((seed) => {
      const plan = seededFaults({ seed, failures: 0.2, maxDelayMs: 10 });
      return JSON.stringify(calls.map(plan));
    });

    expect(one).toBe(same);
    expect(one).not.toBe(other);
  });

  it('lets about as many calls fail as it is told, before and after', () => {
    const faults = calls.map(seededFaults({ seed: 3, failures: 0.4 }));

    const before = faults.filter((fault) => fault?.before !== undefined).length;
    const after = faults.filter((fault) => fault?.after !== undefined).length;
    expect(Math.abs(before - 200)).toBeLessThan(50);
    expect(Math.abs(after - 200)).toBeLessThan(50);
  });
});
