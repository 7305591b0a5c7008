import { ArchiveError, comparePaths, isSafeRelativePath } from '@rootcellar/model';
import type { ErrorCode } from '@rootcellar/model';
import { CHUNK_MAX_BYTES } from '../limits.js';
import type { ChunkRef, EntryHead } from './entry.js';

/** What a list of files must keep to beyond the form of its records. Remembers the last entry only. */
export class EntryRules {
  readonly #code: ErrorCode;
  #last: EntryHead | undefined;
  #entries = 0;
  #chunksLeft = 0;
  #bytesLeft = 0;

  /** @param code of the errors thrown */
  constructor(code: ErrorCode) {
    this.#code = code;
  }

  entry(head: EntryHead, chunks: number): void {
    this.#expectWhole();
    this.#entries += 1;
    const { path, type, size } = head;
    if (!isSafeRelativePath(path))
      throw this.#broken('a path leads out of its folder or is malformed');
    if (this.#last !== undefined) this.#expectBehind(this.#last, path);
    if (type === 'folder' && (size !== 0 || chunks !== 0)) throw this.#broken('a folder has bytes');
    if (size < chunks || size > chunks * CHUNK_MAX_BYTES) {
      throw this.#broken('a file cannot have its size with that many chunks');
    }
    this.#last = head;
    this.#chunksLeft = chunks;
    this.#bytesLeft = size;
  }

  more(): void {
    if (this.#chunksLeft === 0) throw this.#broken('chunks follow a file that has all of its own');
  }

  refs(refs: readonly ChunkRef[]): void {
    for (const { length } of refs) {
      if (length < 1 || length > CHUNK_MAX_BYTES)
        throw this.#broken('a chunk has an impossible length');
      this.#bytesLeft -= length;
    }
    this.#chunksLeft -= refs.length;
    if (this.#chunksLeft < 0) throw this.#broken('a file has more chunks than announced');
    if (this.#bytesLeft < this.#chunksLeft || (this.#chunksLeft === 0 && this.#bytesLeft > 0)) {
      throw this.#broken('the chunks of a file do not add up to its size');
    }
  }

  end(entries: number): void {
    this.#expectWhole();
    if (entries !== this.#entries) throw this.#broken('the number of entries is another');
  }

  #expectWhole(): void {
    if (this.#chunksLeft > 0) throw this.#broken('a file has fewer chunks than announced');
  }

  #expectBehind(last: EntryHead, path: string): void {
    if (comparePaths(last.path, path) >= 0) throw this.#broken('the paths do not ascend');
    // What is below a path comes right behind it, so the last entry is the only one to ask.
    const below = last.path === '' || path.startsWith(`${last.path}/`);
    if (last.type === 'file' && below) throw this.#broken('a file has something below it');
  }

  #broken(why: string): ArchiveError {
    return new ArchiveError(
      this.#code,
      `The list of files is refused: ${why}. Nothing of it was kept.`,
      {
        details: { entry: this.#entries },
      },
    );
  }
}
