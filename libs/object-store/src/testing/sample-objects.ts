import { createCipheriv } from 'node:crypto';
import type { ObjectKey } from '../object-key.js';
import type { DeletableObjectStore, ListedObject, ObjectStore } from '../object-store.js';

/** A store to be verified, empty, and how to be rid of it. */
export interface OpenedStore {
  readonly store: DeletableObjectStore;
  close(): Promise<void>;
}

/** Gives the store that the current test has opened. */
export type CurrentStore = () => DeletableObjectStore;

/** Bytes that differ everywhere and are the same for the same seed. */
export function sampleBytes(length: number, seed = 1): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length));
}

export async function readWhole(
  store: ObjectStore,
  key: ObjectKey,
  length: number,
): Promise<Uint8Array<ArrayBuffer>> {
  return store.read(key, { offset: 0, length });
}

export async function listAll(store: ObjectStore, prefix: string): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  for await (const object of store.list(prefix)) objects.push(object);
  return objects;
}

export async function keysOf(store: ObjectStore, prefix: string): Promise<string[]> {
  return (await listAll(store, prefix)).map(({ key }) => key);
}

/** The same store without the right to delete, also for who looks closely. */
export function withoutRemove(store: DeletableObjectStore): ObjectStore {
  return {
    put: async (key, parts, signal) => store.put(key, parts, signal),
    read: async (key, range, signal) => store.read(key, range, signal),
    readInto: async (key, offset, target, signal) => store.readInto(key, offset, target, signal),
    stat: async (key) => store.stat(key),
    list: (prefix) => store.list(prefix),
  };
}
