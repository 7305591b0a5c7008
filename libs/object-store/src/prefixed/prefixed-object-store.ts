import { ArchiveError } from '@rootcellar/model';
import { isObjectKey, objectKey } from '../object-key.js';
import type { ObjectKey } from '../object-key.js';
import type { DeletableObjectStore, ListedObject, ObjectStore } from '../object-store.js';

/**
 * The objects below a prefix as a store of its own, which sees nothing else.
 * @param prefix a key with a `/` at its end. It counts towards the 512 bytes of a key: longer ones are INPUT_INVALID.
 * @throws ArchiveError INPUT_INVALID
 */
export function prefixedObjectStore(
  inner: DeletableObjectStore,
  prefix: string,
): DeletableObjectStore;
export function prefixedObjectStore(inner: ObjectStore, prefix: string): ObjectStore;
export function prefixedObjectStore(
  inner: ObjectStore | DeletableObjectStore,
  prefix: string,
): ObjectStore | DeletableObjectStore {
  if (!prefix.endsWith('/') || !isObjectKey(prefix.slice(0, -1))) {
    throw new ArchiveError('INPUT_INVALID', 'The prefix of a store is an object key and a "/".');
  }
  const below = (key: ObjectKey): ObjectKey => objectKey(prefix + key);
  const store: ObjectStore = {
    put: async (key, parts, signal) => inner.put(below(key), parts, signal),
    read: async (key, range, signal) => inner.read(below(key), range, signal),
    readInto: async (key, offset, target, signal) =>
      inner.readInto(below(key), offset, target, signal),
    stat: async (key) => inner.stat(below(key)),
    list: async function* (beginning): AsyncGenerator<ListedObject> {
      for await (const object of inner.list(prefix + beginning)) {
        yield { ...object, key: object.key.slice(prefix.length) as ObjectKey };
      }
    },
  };
  if (!('remove' in inner)) return store;
  return { ...store, remove: async (keys) => inner.remove(keys.map(below)) };
}
