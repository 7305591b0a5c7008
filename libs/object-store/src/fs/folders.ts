import { join } from 'node:path';
import type { FileCalls } from './file-calls.js';
import { errnoOf, isMissing } from './fs-errors.js';
import { syncFolder } from './sync-folder.js';

/** Remembering more folders than this saves no time worth the memory. */
const REMEMBERED = 4096;

/**
 * The folders inside of a store, named by the beginnings of keys (`''` is the store's own). Symbolic links are no folders: a key
 * never leads out of the store.
 */
export class Folders {
  readonly #files: FileCalls;
  readonly #root: string;
  readonly #real = new Set<string>();
  readonly #durable = new Map<string, Promise<void>>();

  constructor(files: FileCalls, root: string) {
    this.#files = files;
    this.#root = root;
  }

  path(folder: string): string {
    return join(this.#root, ...folder.split('/'));
  }

  /** True for a folder that is there and is no link, as are those above it. */
  async exists(folder: string): Promise<boolean> {
    if (folder === '' || this.#real.has(folder)) return true;
    if (!(await this.exists(parentOf(folder)))) return false;
    if (!(await this.#isReal(folder))) return false;
    remember(this.#real, folder);
    return true;
  }

  /**
   * Makes a folder and those above it, and sees that all of them outlive a power cut: also those that somebody else made a moment
   * ago and may not have flushed yet.
   */
  async ensure(folder: string): Promise<void> {
    if (folder === '') return;
    let durable = this.#durable.get(folder);
    if (durable === undefined) {
      durable = this.#make(folder);
      remember(this.#durable, folder, durable);
      durable.catch(() => this.#durable.delete(folder));
    }
    await durable;
  }

  /** For a folder that turned out to be gone: somebody tidied up. */
  forget(folder: string): void {
    for (let gone = folder; gone !== ''; gone = parentOf(gone)) {
      this.#durable.delete(gone);
      this.#real.delete(gone);
    }
  }

  async #make(folder: string): Promise<void> {
    const parent = parentOf(folder);
    await this.ensure(parent);
    try {
      await this.#files.mkdir(this.path(folder), { mode: 0o700 });
    } catch (error) {
      if (errnoOf(error) !== 'EEXIST' || !(await this.#isReal(folder))) throw error;
    }
    await syncFolder(this.#files, this.path(parent));
  }

  async #isReal(folder: string): Promise<boolean> {
    try {
      return (await this.#files.lstat(this.path(folder))).isDirectory();
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }
}

/** What stands before the last `/`. */
export function parentOf(key: string): string {
  return key.slice(0, Math.max(0, key.lastIndexOf('/')));
}

function remember<V>(known: Map<string, V>, folder: string, value: V): void;
function remember(known: Set<string>, folder: string): void;
function remember<V>(known: Map<string, V> | Set<string>, folder: string, value?: V): void {
  if (known.size >= REMEMBERED) known.delete(known.keys().next().value ?? '');
  if (known instanceof Set) known.add(folder);
  else known.set(folder, value as V);
}
