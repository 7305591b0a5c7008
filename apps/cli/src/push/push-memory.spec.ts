import { describe, expect, it } from '@jest/globals';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { comparePaths, newId, systemClock } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import { REF_BYTES } from '../crew/batch.js';
import { tempFolder } from '../testing/temp-folder.js';
import { PushMemory } from './push-memory.js';
import type { RememberedFile } from './push-memory.js';
import type { Sighting } from './walk-folder.js';

const ABOUT = ['http://127.0.0.1:4470', 'household', 'member', 'device'];
const REFS = new Uint8Array(REF_BYTES).fill(7);
const SHA1 = new Uint8Array(20).fill(1);

function file(path: string, change: Partial<Sighting> = {}): Sighting {
  const times = { mtimeNs: 1_700_000_000_123_456_789n, ctimeNs: 5n };
  return { path, type: 'file', size: 10, ...times, inode: 2n ** 63n + 5n, ...change };
}

function flat(pages: Iterable<RememberedFile[]>): string[] {
  return [...pages].flat().map(({ path }) => path);
}

/** A first push that learned `a` and `b`. */
function remembered(folder: string): void {
  using memory = PushMemory.open(folder, ABOUT);
  for (const path of ['a', 'b']) {
    memory.see(file(path), SHA1);
    memory.learn(file(path), REFS, false);
  }
  memory.finish();
}

describe('what a push remembers', () => {
  it('is the chunks of files that stay as they were', async () => {
    await using temp = await tempFolder();
    remembered(temp.path);

    using memory = PushMemory.open(temp.path, ABOUT);
    memory.see(file('a'), SHA1);
    memory.see(file('c'), undefined);

    expect([flat(memory.known()), flat(memory.unread())]).toEqual([['a'], ['c']]);
    const [known] = [...memory.known()].flat();
    expect(Buffer.from(known?.refs ?? [])).toEqual(Buffer.from(REFS));
    expect(known).toMatchObject({ size: 10, mtimeNs: file('a').mtimeNs, type: 'file' });
  });

  it.each<[string, Partial<Sighting>]>([
    ['size', { size: 11 }],
    ['modification time, by a nanosecond', { mtimeNs: file('a').mtimeNs + 1n }],
    ['change time', { ctimeNs: 6n }],
    ['inode', { inode: 6n }],
  ])('is not the chunks of a file with another %s', async (_, change) => {
    await using temp = await tempFolder();
    remembered(temp.path);

    using memory = PushMemory.open(temp.path, ABOUT);
    memory.see(file('a', change), SHA1);

    expect([flat(memory.known()), flat(memory.unread())]).toEqual([[], ['a']]);
  });

  it.each([[undefined], [new Uint8Array(20).fill(2)]])(
    'is not the chunks of a file for which Manifest.db gives another digest',
    async (digest) => {
      await using temp = await tempFolder();
      remembered(temp.path);

      using memory = PushMemory.open(temp.path, ABOUT);
      memory.see(file('a'), digest);

      expect(flat(memory.unread())).toEqual(['a']);
    },
  );

  it('is that a file was damaged, until it changes', async () => {
    await using temp = await tempFolder();
    {
      using memory = PushMemory.open(temp.path, ABOUT);
      memory.see(file('a'), SHA1);
      memory.learn(file('a'), REFS, true);
      memory.finish();
    }

    using memory = PushMemory.open(temp.path, ABOUT);
    memory.see(file('a'), SHA1);
    expect(memory.damagedFiles()).toBe(1);
    memory.see(file('a', { size: 3 }), SHA1);

    expect(memory.damagedFiles()).toBe(0);
  });

  it('can be forgotten file by file, to be read again', async () => {
    await using temp = await tempFolder();
    remembered(temp.path);

    using memory = PushMemory.open(temp.path, ABOUT);
    for (const path of ['a', 'b']) memory.see(file(path), SHA1);
    memory.forget('a');

    expect([flat(memory.known()), flat(memory.unread())]).toEqual([['b'], ['a']]);
  });

  it('survives a push that was interrupted, with the upload it left open', async () => {
    await using temp = await tempFolder();
    remembered(temp.path);
    const upload = newId<UploadId>(systemClock);
    {
      using memory = PushMemory.open(temp.path, ABOUT);
      memory.see(file('a'), SHA1);
      memory.noteUpload(upload);
    }

    using memory = PushMemory.open(temp.path, ABOUT);
    memory.see(file('b'), SHA1);

    expect(memory.openUpload).toBe(upload);
    expect(flat(memory.known())).toEqual(['b']);
  });

  it('ends, after a commit, for files that are gone, and for the upload', async () => {
    await using temp = await tempFolder();
    remembered(temp.path);
    {
      using memory = PushMemory.open(temp.path, ABOUT);
      memory.see(file('a'), SHA1);
      memory.noteUpload(newId<UploadId>(systemClock));
      memory.finish();
    }

    using memory = PushMemory.open(temp.path, ABOUT);
    for (const path of ['a', 'b']) memory.see(file(path), SHA1);

    expect(memory.openUpload).toBeUndefined();
    expect(flat(memory.unread())).toEqual(['b']);
  });

  it('is apart for each device, member and service', async () => {
    await using temp = await tempFolder();
    remembered(temp.path);

    using memory = PushMemory.open(temp.path, [...ABOUT.slice(0, -1), 'another device']);
    memory.see(file('a'), SHA1);

    expect(flat(memory.known())).toEqual([]);
  });

  it('lies where only this user reads it', async () => {
    await using temp = await tempFolder();
    const folder = join(temp.path, 'memory');

    remembered(folder);

    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('comes in the order of paths, however many there are', async () => {
    await using temp = await tempFolder();
    const part = fc.constantFrom('a', 'a b', 'a-', 'ab', 'ä', '\uffee', '\u{1f954}', '0');
    const path = fc.array(part, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('/'));
    let device = 0;
    fc.assert(
      fc.property(fc.uniqueArray(path, { maxLength: 30 }), (all) => {
        using memory = PushMemory.open(temp.path, [`device ${String((device += 1))}`]);
        for (const each of all) memory.see(file(each), undefined);

        expect(flat(memory.all())).toEqual(all.toSorted(comparePaths));
        expect(memory.totals()).toEqual({ files: all.length, bytes: all.length * 10 });
      }),
      { numRuns: 30 },
    );
  });

  it('is given a page at a time, and what is learned meanwhile does not come again', async () => {
    await using temp = await tempFolder();
    using memory = PushMemory.open(temp.path, ABOUT);
    const names = Array.from({ length: 4500 }, (_, n) => String(n).padStart(5, '0'));
    memory.batch(() => {
      for (const name of names) memory.see(file(name), undefined);
    });
    const given: string[] = [];

    for (const page of memory.unread()) {
      expect(page.length).toBeLessThanOrEqual(2000);
      given.push(...page.map(({ path }) => path));
      memory.batch(() => {
        for (const each of page) memory.learn(each, REFS, false);
      });
    }

    expect(given).toEqual(names);
    expect(flat(memory.unread())).toEqual([]);
  });

  it('is left as it was by a batch that fails', async () => {
    await using temp = await tempFolder();
    using memory = PushMemory.open(temp.path, ABOUT);

    const failing = (): void =>
      memory.batch(() => {
        memory.see(file('a'), undefined);
        throw new Error('stop');
      });

    expect(failing).toThrow('stop');
    expect(flat(memory.all())).toEqual([]);
  });
});
