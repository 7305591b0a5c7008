import type { ChunkRef } from '@rootcellar/chunking';
import { ArchiveError } from '@rootcellar/model';
import type { TreeReader } from '../tree/tree-reader.js';
import type { Recipe } from '../tree/recipe.js';
import type { ChunkReader } from './chunk-reader.js';

/** Plain bytes held at a time; at least one chunk (4 MiB). */
const WINDOW_BYTES = 8 * 1024 * 1024;
/** A recipe of many tiny chunks must not make one request of all of them. */
const WINDOW_CHUNKS = 4096;

/** Gives files back as plain bytes, every chunk checked against its SHA-256. */
export class FileReader {
  readonly #chunks: ChunkReader;
  readonly #trees: TreeReader;

  constructor(chunks: ChunkReader, trees: TreeReader) {
    this.#chunks = chunks;
    this.#trees = trees;
  }

  /** The whole file, a window at a time, the next one read while the last is used. */
  async *stream(recipe: Recipe): AsyncGenerator<Uint8Array> {
    let ahead: Promise<ArrayBuffer> | undefined;
    for await (const window of windowsOf(this.#trees.refs(recipe))) {
      const next = this.#chunks.plain(window.map(({ id }) => id));
      // Its failure is told when it is awaited.
      next.catch(() => undefined);
      if (ahead !== undefined) yield new Uint8Array(await ahead);
      ahead = next;
    }
    if (ahead !== undefined) yield new Uint8Array(await ahead);
  }

  /**
   * `length` bytes from `offset`; the caller bounds the length.
   * @throws ArchiveError OBJECT_RANGE_INVALID when the file is shorter.
   */
  async range(recipe: Recipe, offset: number, length: number): Promise<Uint8Array> {
    const out = new Uint8Array(length);
    let filled = 0;
    let at = 0;
    for await (const refs of this.#trees.refs(recipe)) {
      const needed: { ref: ChunkRef; at: number }[] = [];
      for (const ref of refs) {
        if (at + ref.length > offset && at < offset + length) needed.push({ ref, at });
        at += ref.length;
      }
      filled += await this.#copy(needed, offset, out);
      if (at >= offset + length) break;
    }
    if (filled !== length)
      throw new ArchiveError(
        'OBJECT_RANGE_INVALID',
        'The file is shorter than the bytes asked for.',
      );
    return out;
  }

  /** The whole file, at most `maxBytes`. @throws ArchiveError TOO_LARGE */
  async whole(
    file: { readonly recipe: Recipe; readonly size: number },
    maxBytes: number,
  ): Promise<Uint8Array> {
    if (file.size > maxBytes)
      throw new ArchiveError('TOO_LARGE', 'The file is larger than is read at once.');
    return this.range(file.recipe, 0, file.size);
  }

  async #copy(
    needed: readonly { ref: ChunkRef; at: number }[],
    offset: number,
    out: Uint8Array,
  ): Promise<number> {
    if (needed.length === 0) return 0;
    const plain = new Uint8Array(await this.#chunks.plain(needed.map(({ ref }) => ref.id)));
    let from = 0;
    let copied = 0;
    for (const { ref, at } of needed) {
      const start = Math.max(0, offset - at);
      const end = Math.min(ref.length, offset + out.length - at);
      out.set(plain.subarray(from + start, from + end), at + start - offset);
      copied += end - start;
      from += ref.length;
    }
    return copied;
  }
}

async function* windowsOf(lists: AsyncIterable<readonly ChunkRef[]>): AsyncGenerator<ChunkRef[]> {
  let window: ChunkRef[] = [];
  let bytes = 0;
  for await (const refs of lists) {
    for (const ref of refs) {
      if (
        window.length > 0 &&
        (bytes + ref.length > WINDOW_BYTES || window.length === WINDOW_CHUNKS)
      ) {
        yield window;
        window = [];
        bytes = 0;
      }
      window.push(ref);
      bytes += ref.length;
    }
  }
  if (window.length > 0) yield window;
}
