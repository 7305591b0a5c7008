import { expect, it } from '@jest/globals';
import { isArchiveError } from '@rootcellar/model';
import { objectKey } from '../object-key.js';
import { keysOf, readWhole, sampleBytes } from './sample-objects.js';
import type { CurrentStore } from './sample-objects.js';

const KEY = objectKey('shared/object');
const SIZE = 6 * 1024 * 1024;

export function verifyConcurrency(current: CurrentStore): void {
  const bytes = sampleBytes(SIZE);
  const parts = [bytes.subarray(0, 1000), bytes.subarray(1000, SIZE / 2), bytes.subarray(SIZE / 2)];

  /** The object as a reader finds it now: whole, or not at all. */
  async function look(): Promise<'whole' | 'none'> {
    const facts = await current().stat(KEY);
    const listed = await keysOf(current(), 'shared/');
    try {
      expect(Buffer.compare(await readWhole(current(), KEY, SIZE), bytes)).toBe(0);
    } catch (error) {
      if (!isArchiveError(error, 'OBJECT_NOT_FOUND')) throw error;
      expect(facts).toBeUndefined();
      return 'none';
    }
    expect(listed.every((key) => key === KEY)).toBe(true);
    expect(facts === undefined || facts.size === SIZE).toBe(true);
    return 'whole';
  }

  /** Looks again and again until the work is done. */
  async function lookDuring(work: Promise<void>): Promise<Set<string>> {
    const seen = new Set<string>();
    const state: { done: boolean } = { done: false };
    const watched = work.finally(() => (state.done = true));
    while (!state.done) seen.add(await look());
    await watched;
    return seen;
  }

  it('shows an object whole or not at all while it is put', async () => {
    await lookDuring(current().put(KEY, parts));

    expect(await look()).toBe('whole');
  });

  it('shows an object whole while it is put again', async () => {
    await current().put(KEY, parts);

    const seen = await lookDuring(current().put(KEY, parts));

    expect([...seen]).toEqual(['whole']);
  });

  it('bears the same object from many writers at once', async () => {
    await Promise.all(Array.from({ length: 8 }, async () => current().put(KEY, parts)));

    expect(await look()).toBe('whole');
    expect(await keysOf(current(), '')).toEqual([KEY]);
  });

  it('bears many writers and readers of many objects in many folders', async () => {
    const keys = Array.from({ length: 100 }, (_, at) => objectKey(`c/${at % 7}/${at % 3}/${at}`));

    await Promise.all(
      keys.map(async (key, at) => {
        const object = sampleBytes(at * 100, at);
        await current().put(key, [object]);
        const [read, facts] = await Promise.all([
          readWhole(current(), key, object.length),
          current().stat(key),
        ]);

        expect(Buffer.compare(read, object)).toBe(0);
        expect(facts).toMatchObject({ size: object.length });
      }),
    );

    expect(await keysOf(current(), 'c/')).toEqual(keys.toSorted());
  });

  it('leaves nothing or all of an object whose put was aborted', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');

    const put = current().put(KEY, parts, abort.signal);
    abort.abort(reason);
    const outcome: unknown = await put.catch((error: unknown) => error);
    const found = await look();

    expect([reason, undefined]).toContain(outcome);
    expect(outcome === undefined ? ['whole'] : ['whole', 'none']).toContain(found);
  });
}
