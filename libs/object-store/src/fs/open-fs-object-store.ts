import { dirname, join, resolve } from 'node:path';
import { assertKeyPrefix } from '../object-key.js';
import type { ObjectKey } from '../object-key.js';
import type { DeletableObjectStore, ListedObject } from '../object-store.js';
import { assertRange, objectNotFound } from '../store-errors.js';
import { nodeFileCalls } from './file-calls.js';
import type { FileCalls } from './file-calls.js';
import { factsOf } from './file-facts.js';
import { Folders, parentOf } from './folders.js';
import { asStoreError, asUnavailable, isMissing } from './fs-errors.js';
import { listObjects } from './list-objects.js';
import { readObject } from './read-object.js';
import type { ReadRequest } from './read-object.js';
import { syncFolder } from './sync-folder.js';
import { writeObject } from './write-object.js';

/** `~` is in no key: nothing in this folder is ever an object. */
const TEMPORARY_FOLDER = '~tmp';
const CONCURRENT_REMOVALS = 8;

/**
 * Keeps objects as files of one folder, which it makes if need be; a key is a path below it. Removes what a crash left half
 * written, so a folder must be open in one process at a time. Must lie on one file system: files are moved into place.
 * @throws ArchiveError STORAGE_FULL, OBJECT_STORE_UNAVAILABLE when the folder cannot be used
 */
export async function openFsObjectStore(
  root: string,
  files: FileCalls = nodeFileCalls,
): Promise<DeletableObjectStore> {
  const path = resolve(root);
  await told(undefined, async () => {
    await makeRoot(files, path);
    await removeLeftovers(files, join(path, TEMPORARY_FOLDER));
  });
  return fsObjectStore(files, path);
}

function fsObjectStore(files: FileCalls, root: string): DeletableObjectStore {
  const folders = new Folders(files, root);
  const temporaryFolder = join(root, TEMPORARY_FOLDER);
  const pathOf = (key: ObjectKey): string => join(root, ...key.split('/'));
  const read = async <Memory extends Uint8Array>(
    request: Omit<ReadRequest, 'path'>,
    memory: () => Memory,
  ): Promise<Memory> =>
    told(request.key, async () => {
      const { key, range, signal } = request;
      signal?.throwIfAborted();
      assertRange(key, range);
      if (!(await folders.exists(parentOf(key)))) throw objectNotFound(key);
      return readObject(files, { ...request, path: pathOf(key) }, memory);
    });

  return {
    put: async (key, parts, signal) => {
      signal?.throwIfAborted();
      const folder = parentOf(key);
      try {
        await folders.ensure(folder);
        await writeObject(files, { temporaryFolder, target: pathOf(key) }, parts, signal);
      } catch (error) {
        if (isMissing(error)) folders.forget(folder);
        throw asStoreError(error, key);
      }
      try {
        await syncFolder(files, folders.path(folder));
      } catch (error) {
        // The object is visible by now, so this is never STORAGE_FULL.
        throw asUnavailable(error, key);
      }
    },
    // Not out of Node's pool: the caller may transfer it. And no Buffer, whose `slice` shares.
    read: async (key, range, signal) =>
      read(
        { key, range, signal },
        () => new Uint8Array(Buffer.allocUnsafeSlow(range.length).buffer),
      ),
    readInto: async (key, offset, target, signal) => {
      await read({ key, range: { offset, length: target.length }, signal }, () => target);
    },
    stat: async (key) =>
      told(key, async () =>
        (await folders.exists(parentOf(key))) ? factsOf(files, pathOf(key)) : undefined,
      ),
    list: async function* (prefix): AsyncGenerator<ListedObject> {
      assertKeyPrefix(prefix);
      try {
        yield* listObjects(files, folders, prefix);
      } catch (error) {
        throw asStoreError(error);
      }
    },
    remove: async (keys) => told(undefined, async () => removeFiles(files, folders, keys)),
  };
}

/** Runs what talks to the operating system and tells its errors as the port's. */
async function told<T>(key: ObjectKey | undefined, act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw asStoreError(error, key);
  }
}

async function makeRoot(files: FileCalls, root: string): Promise<void> {
  const first = await files.mkdir(root, { recursive: true, mode: 0o700 });
  if (first !== undefined) {
    for (let made = root; made.length >= first.length; made = dirname(made)) {
      await syncFolder(files, dirname(made));
    }
  }
  await files.mkdir(join(root, TEMPORARY_FOLDER), { recursive: true, mode: 0o700 });
}

async function removeLeftovers(files: FileCalls, folder: string): Promise<void> {
  for (const name of await files.readdir(folder)) {
    await files.rm(join(folder, name), { force: true, recursive: true });
  }
}

async function removeFiles(
  files: FileCalls,
  folders: Folders,
  keys: readonly ObjectKey[],
): Promise<void> {
  const queue = keys.values();
  const touched = new Set<string>();
  const lane = async (): Promise<void> => {
    for (const key of queue) {
      const folder = parentOf(key);
      if (!(await folders.exists(folder))) continue;
      const name = key.slice(key.lastIndexOf('/') + 1);
      if (await removeFile(files, join(folders.path(folder), name))) touched.add(folder);
    }
  };
  // When it rejects, nothing of it goes on behind the caller's back.
  const lanes = await Promise.allSettled(Array.from({ length: CONCURRENT_REMOVALS }, lane));
  for (const folder of touched) await syncFolder(files, folders.path(folder));
  for (const result of lanes) if (result.status === 'rejected') throw result.reason;
}

async function removeFile(files: FileCalls, path: string): Promise<boolean> {
  try {
    await files.unlink(path);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}
