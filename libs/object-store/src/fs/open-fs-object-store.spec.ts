import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import * as files from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { objectKey } from '../object-key.js';
import type { DeletableObjectStore } from '../object-store.js';
import { keysOf, readWhole, sampleBytes } from '../testing/sample-objects.js';
import { verifyObjectStore } from '../testing/index.js';
import type { FileCalls } from './file-calls.js';
import { openFsObjectStore } from './open-fs-object-store.js';

verifyObjectStore('openFsObjectStore', async () => {
  const root = await mkdtemp(join(tmpdir(), 'rootcellar-fs-'));
  return {
    store: await openFsObjectStore(root),
    close: async () => rm(root, { recursive: true, force: true }),
  };
});

const KEY = objectKey('packs/0a/x');
const BYTES = sampleBytes(100_000);
const onPosix = process.platform === 'win32' ? it.skip : it;

describe('openFsObjectStore', () => {
  let root: string;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'rootcellar-fs-'));
  });

  afterEach(async () => {
    await rm(root, { recursive: true, force: true });
  });

  /** A store on a disk on which files fail as told. */
  async function openFailing(
    failing: Partial<Record<keyof FileHandle, string>>,
  ): Promise<DeletableObjectStore> {
    await openFsObjectStore(root);
    return openFsObjectStore(root, failingFiles(failing));
  }

  it('makes its folder, with those above it', async () => {
    const store = await openFsObjectStore(join(root, 'a', 'b'));

    await store.put(KEY, [BYTES]);

    expect(await readdir(join(root, 'a', 'b'))).toEqual(['packs', '~tmp']);
  });

  it('finds what it kept when it is opened again', async () => {
    await (await openFsObjectStore(root)).put(KEY, [BYTES]);

    const again = await openFsObjectStore(root);

    expect(Buffer.compare(await readWhole(again, KEY, BYTES.length), BYTES)).toBe(0);
  });

  it('removes what a crash left when it is opened', async () => {
    await openFsObjectStore(root);
    await writeFile(join(root, '~tmp', 'left-over'), BYTES);

    const store = await openFsObjectStore(root);

    expect(await readdir(join(root, '~tmp'))).toEqual([]);
    expect(await keysOf(store, '')).toEqual([]);
  });

  it('leaves alone and never lists what it did not put', async () => {
    const store = await openFsObjectStore(root);
    await store.put(KEY, [BYTES]);
    await writeFile(join(root, 'packs', 'not a key'), '');
    await mkdir(join(root, 'lost+found'));

    expect(await keysOf(store, '')).toEqual([KEY]);
    expect(await readdir(join(root, 'packs'))).toContain('not a key');
  });

  it.each(['writev', 'sync'] as const)(
    'says when the disk is full at %s, and leaves nothing',
    async (call) => {
      for (const errno of ['ENOSPC', 'EDQUOT']) {
        const store = await openFailing({ [call]: errno });

        const put = store.put(objectKey('full'), [BYTES]);

        await expect(put).rejects.toMatchObject({ code: 'STORAGE_FULL', details: { key: 'full' } });
        expect(await keysOf(store, '')).toEqual([]);
        expect(await readdir(join(root, '~tmp'))).toEqual([]);
      }
    },
  );

  it('is unavailable when the disk fails, and leaves nothing', async () => {
    const store = await openFailing({ writev: 'EIO' });

    await expect(store.put(objectKey('a'), [BYTES])).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
      details: { errno: 'EIO', key: 'a' },
    });
    expect(await readdir(join(root, '~tmp'))).toEqual([]);
  });

  it('writes on where a disk took only part', async () => {
    const store = await openFsObjectStore(root, stingyFiles(1000));
    const parts = [BYTES.subarray(0, 1), BYTES.subarray(1, 70_000), BYTES.subarray(70_000)];

    await store.put(KEY, parts);

    expect(Buffer.compare(await readWhole(store, KEY, BYTES.length), BYTES)).toBe(0);
  });

  it('keeps the old object when putting it again fails', async () => {
    await (await openFsObjectStore(root)).put(KEY, [BYTES]);
    const store = await openFailing({ writev: 'ENOSPC' });

    await expect(store.put(KEY, [BYTES])).rejects.toMatchObject({ code: 'STORAGE_FULL' });

    expect(await readWhole(store, KEY, BYTES.length)).toHaveLength(BYTES.length);
  });

  it('takes an object again that cannot be replaced because somebody reads it', async () => {
    const rename = async (): Promise<void> => Promise.reject(errnoError('EPERM'));
    await (await openFsObjectStore(root)).put(KEY, [BYTES]);
    const store = await openFsObjectStore(root, { ...files, rename });

    await store.put(KEY, [BYTES]);

    expect(await readdir(join(root, '~tmp'))).toEqual([]);
    await expect(store.put(KEY, [BYTES, BYTES])).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });
    await expect(store.put(objectKey('new'), [])).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });
    expect(await readdir(join(root, '~tmp'))).toEqual([]);
  });

  it('puts again into folders that somebody has removed', async () => {
    const store = await openFsObjectStore(root);
    await store.put(KEY, [BYTES]);
    await rm(join(root, 'packs'), { recursive: true });

    await expect(store.put(KEY, [BYTES])).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });
    await store.put(KEY, [BYTES]);

    expect(await keysOf(store, '')).toEqual([KEY]);
  });

  it('is unavailable when a file stands where its folder should', async () => {
    await writeFile(join(root, 'file'), '');

    await expect(openFsObjectStore(join(root, 'file'))).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });
  });

  onPosix('flushes the file, its folder and every folder it made', async () => {
    const flushed: string[] = [];
    const store = await openFsObjectStore(
      root,
      watchedFiles((path) => flushed.push(path)),
    );

    await store.put(KEY, [BYTES]);

    expect(flushed.map((path) => path.slice(root.length))).toEqual([
      '',
      '/packs',
      expect.stringMatching(/^\/~tmp\//),
      '/packs/0a',
    ]);
  });

  onPosix('keeps others out of its files', async () => {
    const store = await openFsObjectStore(root);

    await store.put(KEY, [BYTES]);

    expect((await stat(join(root, 'packs/0a/x'))).mode & 0o077).toBe(0);
  });

  onPosix('follows no links', async () => {
    const outside = join(root, 'outside');
    await mkdir(outside);
    await writeFile(join(outside, 'secret'), 'secret');
    const store = await openFsObjectStore(join(root, 'store'));
    await symlink(outside, join(root, 'store', 'folder'));
    await symlink(join(outside, 'secret'), join(root, 'store', 'file'));

    for (const key of ['folder/secret', 'file'].map(objectKey)) {
      expect(await store.stat(key)).toBeUndefined();
      await expect(readWhole(store, key, 1)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    }
    expect(await keysOf(store, '')).toEqual([]);
    expect(await keysOf(store, 'folder/')).toEqual([]);
    await store.remove([objectKey('folder/secret')]);
    await expect(store.put(objectKey('folder/new'), [])).rejects.toMatchObject({
      code: 'OBJECT_STORE_UNAVAILABLE',
    });
    expect(await readdir(outside)).toEqual(['secret']);
  });
});

function errnoError(code: string): Error {
  return Object.assign(new Error(code), { code, errno: -1, syscall: 'test' });
}

/** Real files, but some of the calls on those opened for writing fail. */
function failingFiles(failing: Partial<Record<keyof FileHandle, string>>): FileCalls {
  return withHandles((handle, flags) => {
    if (flags !== 'wx') return;
    for (const [call, errno] of Object.entries(failing)) {
      Object.defineProperty(handle, call, { value: async () => Promise.reject(errnoError(errno)) });
    }
  });
}

/** Real files that take at most so many bytes of the first part at a time. */
function stingyFiles(bytes: number): FileCalls {
  return withHandles((handle) => {
    const write = handle.write.bind(handle);
    const writev = async ([first]: readonly Uint8Array[]): Promise<{ bytesWritten: number }> =>
      first === undefined ? { bytesWritten: 0 } : write(first.subarray(0, bytes));
    Object.defineProperty(handle, 'writev', { value: writev });
  });
}

/** Real files that tell when they are flushed. */
function watchedFiles(onSync: (path: string) => void): FileCalls {
  return withHandles((handle, _, path) => {
    const sync = handle.sync.bind(handle);
    Object.defineProperty(handle, 'sync', {
      value: async () => {
        onSync(path);
        return sync();
      },
    });
  });
}

function withHandles(
  change: (handle: FileHandle, flags: unknown, path: string) => void,
): FileCalls {
  return {
    ...files,
    open: async (path, flags, mode) => {
      const handle = await files.open(path, flags, mode);
      change(handle, flags, String(path));
      return handle;
    },
  };
}
