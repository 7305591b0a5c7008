import type { ChunkRef } from '@rootcellar/chunking';
import { ArchiveError } from '@rootcellar/model';
import type { TreeReader } from '../tree/tree-reader.js';
import type { Recipe } from '../tree/recipe.js';
import { lend } from './file-stream.js';
import type { ChunkReader, LentBytes } from './chunk-reader.js';

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

  /** The whole file, a window at a time, the next one read while the last is used. Each is good until the next is asked for. */
  async *stream(recipe: Recipe): AsyncGenerator<Uint8Array> {
    let ahead: Promise<LentBytes> | undefined;
    for await (const window of windowsOf(this.#trees.refs(recipe))) {
      const next = this.#chunks.plain(window.map(({ id }) => id));
      // Its failure is told when it is awaited.
      next.catch(() => undefined);
      if (ahead !== undefined) yield* lend(await ahead);
      ahead = next;
    }
    if (ahead !== undefined) yield* lend(await ahead);
  }

  /**
   * `length` bytes from `offset`; the caller bounds the length.
   * @throws ArchiveError OBJECT_RANGE_INVALID when the file is shorter.
   */
  async range(recipe: Recipe, offset: number, length: number): Promise<Uint8Array> {
    const out = new Uint8Array(length);
    let filled = 0;
    for await (const window of windowsOf(within(this.#trees.refs(recipe), offset, length))) {
      const { bytes, giveBack } = await this.#chunks.plain(window.map(({ id }) => id));
      let from = 0;
      try {
        for (const { at, length: chunkLength } of window) {
          const [start, end] = [Math.max(at, offset), Math.min(at + chunkLength, offset + length)];
          out.set(bytes.subarray(from + start - at, from + end - at), start - offset);
          filled += end - start;
          from += chunkLength;
        }
      } finally {
        giveBack();
      }
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
}

/** A chunk of a file, and where in the file it begins. */
interface PlacedRef extends ChunkRef {
  readonly at: number;
}

/** The chunks that hold bytes of a range. */
async function* within(
  lists: AsyncIterable<readonly ChunkRef[]>,
  offset: number,
  length: number,
): AsyncGenerator<PlacedRef[]> {
  let at = 0;
  for await (const refs of lists) {
    if (at >= offset + length) return;
    const placed: PlacedRef[] = [];
    for (const ref of refs) {
      if (at + ref.length > offset && at < offset + length) placed.push({ ...ref, at });
      at += ref.length;
    }
    yield placed;
  }
}

async function* windowsOf<Ref extends ChunkRef>(
  lists: AsyncIterable<readonly Ref[]>,
): AsyncGenerator<Ref[]> {
  let window: Ref[] = [];
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
