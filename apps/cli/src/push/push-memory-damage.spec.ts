import { describe, expect, it } from '@jest/globals';
import { open, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
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

async function databaseIn(folder: string): Promise<string> {
  const [name = ''] = await readdir(folder);
  return join(folder, name);
}

describe('a memory that cannot be used', () => {
  it('may have been deleted', async () => {
    await using temp = await tempFolder();
    remembered(temp.path);
    await rm(await databaseIn(temp.path));

    using memory = PushMemory.open(temp.path, ABOUT);
    memory.see(file('a'), SHA1);

    expect(flat(memory.unread())).toEqual(['a']);
  });

  it.each<[string, (path: string) => Promise<void>]>([
    [
      'is no database',
      async (path) => writeFile(path, 'not a database, but long enough'.repeat(99)),
    ],
    ['was cut off', async (path) => writeFile(path, (await readFile(path)).subarray(0, 5000))],
    ['is of another release', async (path) => change(path, 'pragma user_version = 99')],
    ['has other tables', async (path) => change(path, 'drop table file; create table file (x)')],
  ])('is thrown away when it %s, and can be used again', async (_, spoil) => {
    await using temp = await tempFolder();
    remembered(temp.path);
    await spoil(await databaseIn(temp.path));

    for (const known of [[], ['a']]) {
      using memory = PushMemory.open(temp.path, ABOUT);
      memory.see(file('a'), SHA1);
      expect(flat(memory.known())).toEqual(known);
      memory.learn(file('a'), REFS, false);
      memory.finish();
    }
  });

  it('is thrown away when a page in the middle is damaged', async () => {
    await using temp = await tempFolder();
    const names = Array.from({ length: 500 }, (_, n) => String(n));
    {
      using memory = PushMemory.open(temp.path, ABOUT);
      memory.batch(() => {
        for (const name of names) memory.see(file(name), SHA1);
      });
      for (const name of names) memory.learn(file(name), REFS, false);
      memory.finish();
    }
    await using handle = await open(await databaseIn(temp.path), 'r+');
    const { size } = await handle.stat();
    await handle.write(Buffer.alloc(4096, 0xa5), 0, 4096, Math.floor(size / 8192) * 4096);

    using memory = PushMemory.open(temp.path, ABOUT);
    memory.batch(() => {
      for (const name of names) memory.see(file(name), SHA1);
    });

    expect(flat(memory.known())).toEqual([]);
    expect(flat(memory.unread())).toHaveLength(500);
  });

  it('belongs to another push that is running, and stays that', async () => {
    await using temp = await tempFolder();
    using running = PushMemory.open(temp.path, ABOUT);
    running.see(file('a'), undefined);

    const second = (): unknown => PushMemory.open(temp.path, ABOUT);

    expect(second).toThrow(expect.objectContaining({ code: 'PUSH_RUNNING' }));
    running.learn(file('a'), REFS, false);
    expect(flat(running.known())).toEqual(['a']);
  });
});

async function change(path: string, sql: string): Promise<void> {
  using db = new DatabaseSync(path);
  db.exec(sql);
  await Promise.resolve();
}
