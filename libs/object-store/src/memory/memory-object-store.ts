import { systemClock } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import { assertKeyPrefix } from '../object-key.js';
import type { ObjectKey } from '../object-key.js';
import type { DeletableObjectStore, ListedObject, ObjectStore } from '../object-store.js';
import { assertRange, objectNotFound, rangeInvalid } from '../store-errors.js';

/** Keeps objects in memory, for tests: everything `ObjectStore` guarantees except that it outlives the process. */
export function createMemoryObjectStore(clock: Clock = systemClock): DeletableObjectStore {
  const objects = new Map<ObjectKey, { readonly bytes: Buffer; readonly modifiedAt: Date }>();

  const read: ObjectStore['read'] = async (key, range, signal) => {
    assertRange(key, range);
    await nextTurn(signal);
    const object = objects.get(key);
    if (object === undefined) throw objectNotFound(key);
    const end = range.offset + range.length;
    if (end > object.bytes.length) throw rangeInvalid(key, range);
    return new Uint8Array(object.bytes.subarray(range.offset, end));
  };
  return {
    put: async (key, parts, signal) => {
      const bytes = Buffer.concat(parts);
      await nextTurn(signal);
      objects.set(key, { bytes, modifiedAt: clock.now() });
    },
    read,
    readInto: async (key, offset, target, signal) => {
      target.set(await read(key, { offset, length: target.length }, signal));
    },
    stat: async (key) => {
      await nextTurn();
      const object = objects.get(key);
      return object && { size: object.bytes.length, modifiedAt: object.modifiedAt };
    },
    list: async function* (prefix): AsyncGenerator<ListedObject> {
      assertKeyPrefix(prefix);
      await nextTurn();
      const keys = [...objects.keys()].filter((key) => key.startsWith(prefix));
      for (const key of keys.toSorted()) {
        const object = objects.get(key);
        if (object !== undefined) {
          yield { key, size: object.bytes.length, modifiedAt: object.modifiedAt };
        }
      }
    },
    remove: async (keys) => {
      await nextTurn();
      for (const key of keys) objects.delete(key);
    },
  };
}

/** As with every other store, nothing has happened yet when a call returns. */
async function nextTurn(signal?: AbortSignal): Promise<void> {
  signal?.throwIfAborted();
  await Promise.resolve();
}
