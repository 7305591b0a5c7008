import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { basename, extname } from 'node:path';
import { systemErrorCode } from '../error-code.js';
import { BACKUP_FACES } from './find-candidates.js';
import { isPackageName } from '../package/package-names.js';

/** A system allows a user some thousands; who watches more folders has the regular look. */
const MAX_FOLDERS = 1024;

/**
 * Says that something may have changed, so that nobody has to wait for the next regular look. Only a hint: events get lost, and network
 * shares send none.
 */
export class ChangeHints implements Disposable {
  readonly #onHint: () => void;
  readonly #watchers = new Map<string, FSWatcher>();

  constructor(onHint: () => void) {
    this.#onHint = onHint;
  }

  /** Listens to these folders, and to no others any more. */
  follow(folders: ReadonlySet<string>): void {
    for (const path of this.#watchers.keys()) if (!folders.has(path)) this.#drop(path);
    for (const path of folders) {
      if (this.#watchers.size >= MAX_FOLDERS) return;
      if (!this.#watchers.has(path)) this.#listen(path);
    }
  }

  [Symbol.dispose](): void {
    for (const path of this.#watchers.keys()) this.#drop(path);
  }

  #listen(path: string): void {
    try {
      const watcher = watch(path, { persistent: false }, (_, name) => {
        // The folder itself was moved or removed: who makes it anew makes another one.
        if (name === basename(path)) this.#drop(path);
        if (mayMatter(name)) this.#onHint();
      });
      watcher.on('error', () => this.#drop(path));
      this.#watchers.set(path, watcher);
    } catch (error) {
      // Too many, gone, or no such thing here: the regular look finds it.
      if (systemErrorCode(error) === undefined) throw error;
    }
  }

  #drop(path: string): void {
    this.#watchers.get(path)?.close();
    this.#watchers.delete(path);
  }
}

/** A browser that writes its own file for an hour is not worth a look each second; folders have no ending, mostly. */
function mayMatter(name: string | null): boolean {
  return (
    name === null || extname(name) === '' || isPackageName(name) || BACKUP_FACES.includes(name)
  );
}
