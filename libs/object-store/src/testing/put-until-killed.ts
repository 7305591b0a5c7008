import { openFsObjectStore } from '../fs/open-fs-object-store.js';
import { objectKey } from '../object-key.js';
import { crashObject } from './crash-objects.js';

/**
 * A program for the crash test: puts objects, four at a time, until it is killed, and sends the number of each when it is
 * acknowledged. Arguments: folder, number of the first object.
 */
const [, , root = '', first = '0'] = process.argv;
const store = await openFsObjectStore(root);
let next = Number(first);

await Promise.all(Array.from({ length: 4 }, lane));

async function lane(): Promise<void> {
  for (;;) {
    const { key, parts } = crashObject(next++);
    await store.put(objectKey(key), parts);
    process.send?.(key);
  }
}
