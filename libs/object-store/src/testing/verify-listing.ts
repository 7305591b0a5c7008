import { expect, it } from '@jest/globals';
import { objectKey } from '../object-key.js';
import { keysOf, sampleBytes } from './sample-objects.js';
import type { CurrentStore } from './sample-objects.js';

/** Ascending by bytes: `-` and `.` sort before the `/`, digits and letters behind it. */
const ASCENDING = [
  'Z',
  'a-/y',
  'a-b',
  'a.b/c',
  'a/0',
  'a/b-c',
  'a/b/c',
  'a/b/d',
  'a/b0',
  'a0/b',
  'ab',
  'b/.x',
  'b/_',
];

export function verifyListing(current: CurrentStore): void {
  async function putAll(keys: readonly string[]): Promise<void> {
    await Promise.all(
      keys.map(async (key, at) => current().put(objectKey(key), [sampleBytes(at)])),
    );
  }

  it('lists nothing when it is empty', async () => {
    expect(await keysOf(current(), '')).toEqual([]);
    expect(await keysOf(current(), 'a/b')).toEqual([]);
  });

  it('lists ascending by the bytes of the keys', async () => {
    await putAll(ASCENDING.toReversed());

    expect(await keysOf(current(), '')).toEqual(ASCENDING);
  });

  it.each(['a', 'a/', 'a/b', 'a/b/', 'a-', 'a/b/c', 'a/b/c/', 'b/.', 'c', 'x/y/z', 'a.b/'])(
    'lists what begins with %s',
    async (prefix) => {
      await putAll(ASCENDING);

      expect(await keysOf(current(), prefix)).toEqual(
        ASCENDING.filter((key) => key.startsWith(prefix)),
      );
    },
  );

  it('lists a thousand objects in order', async () => {
    const keys = Array.from({ length: 1000 }, (_, at) => `p/${(at * 7919) % 1000}/${at % 3}`);
    for (let from = 0; from < keys.length; from += 50) await putAll(keys.slice(from, from + 50));

    expect(await keysOf(current(), 'p/')).toEqual(keys.toSorted());
  });

  it.each(['../', 'a/../b', '/', '/a', 'a//', 'ä', 'a b', '~tmp/', 'a\\b'])(
    'refuses a prefix no key can begin with: %s',
    async (prefix) => {
      await expect(keysOf(current(), prefix)).rejects.toMatchObject({ code: 'INPUT_INVALID' });
    },
  );

  it('lists what stays, once, while other objects come and go', async () => {
    const staying = Array.from({ length: 60 }, (_, at) => `s/${at.toString().padStart(2, '0')}`);
    const going = staying.map((key) => `${key}-x`);
    await putAll([...staying, ...going]);

    const listed: string[] = [];
    for await (const { key } of current().list('s/')) {
      listed.push(key);
      await current().remove([objectKey(`${staying[listed.length % 60] ?? 's/0'}-x`)]);
      await current().put(objectKey(`s/${listed.length % 10}-new`), [sampleBytes(1)]);
    }

    expect(listed.filter((key) => staying.includes(key))).toEqual(staying);
    expect(listed).toEqual([...new Set(listed)].toSorted());
  });

  it('may be left in the middle', async () => {
    await putAll(ASCENDING);

    for await (const { key } of current().list('')) {
      expect(key).toBe('Z');
      break;
    }
  });
}
