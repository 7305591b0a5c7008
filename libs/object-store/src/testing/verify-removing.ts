import { expect, it } from '@jest/globals';
import { objectKey } from '../object-key.js';
import { keysOf, readWhole, sampleBytes } from './sample-objects.js';
import type { CurrentStore } from './sample-objects.js';

const KEYS = ['a/1', 'a/2', 'b/1', 'c'].map(objectKey);
const [FIRST = objectKey('a/1')] = KEYS;

export function verifyRemoving(current: CurrentStore): void {
  async function putAll(): Promise<void> {
    for (const key of KEYS) await current().put(key, [sampleBytes(10)]);
  }

  it('removes what it is told and nothing else', async () => {
    await putAll();

    await current().remove(KEYS.slice(1, 3));

    expect(await keysOf(current(), '')).toEqual(['a/1', 'c']);
    await expect(readWhole(current(), objectKey('a/2'), 1)).rejects.toMatchObject({
      code: 'OBJECT_NOT_FOUND',
    });
    expect(await current().stat(objectKey('b/1'))).toBeUndefined();
  });

  it('removes nothing when told nothing', async () => {
    await putAll();

    await current().remove([]);

    expect(await keysOf(current(), '')).toEqual(KEYS);
  });

  it('does not mind keys that are gone, or come twice', async () => {
    await putAll();

    await current().remove([FIRST, FIRST, objectKey('never/was'), objectKey('a/1/below')]);
    await current().remove([FIRST]);

    expect(await keysOf(current(), '')).toEqual(KEYS.slice(1));
  });

  it('removes many at once', async () => {
    const keys = Array.from({ length: 300 }, (_, at) => objectKey(`m/${at % 10}/${at}`));
    for (const key of keys) await current().put(key, [sampleBytes(1)]);

    await current().remove(keys);

    expect(await keysOf(current(), '')).toEqual([]);
  });

  it('takes an object again that it has removed', async () => {
    await putAll();
    await current().remove([FIRST]);

    await current().put(FIRST, [sampleBytes(10)]);

    expect(await readWhole(current(), FIRST, 10)).toHaveLength(10);
  });
}
