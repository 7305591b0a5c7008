import type { ChunkWeights } from './chunk-weights.js';
import { BORDERS_MAX, decodeBorders } from './container-borders.js';
import { CONTAINER_WORDS, findBorders } from './container-words.js';
import { lackedByBitmap, lackedByRun } from './lacked-bytes.js';
import { ChunkUnion } from './chunk-union.js';
import { damagedChunkSet } from './damaged-chunk-set.js';
import type { Container } from './walk-containers.js';
import { walkContainers } from './walk-containers.js';

/** Ordinals as runs: first, end, first, end …, ascending. */
export type Runs = Uint32Array;

/**
 * What roots need together, while there are more and more of them, in sealed bytes. Nothing is counted, so nothing can be taken away;
 * so a root costs its runs, not its chunks. Memory: a bit an ordinal, in pages of 65,536. After an error it is of no use.
 */
export class ChunkCover {
  readonly #weights: ChunkWeights;
  /** By base. */
  readonly #pages = new Map<number, Int32Array>();
  readonly #borders = new Uint32Array(BORDERS_MAX);
  #union: ChunkUnion | undefined;
  #bytes = 0;

  constructor(weights: ChunkWeights) {
    this.#weights = weights;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /**
   * @returns the bytes that it did not need before
   * @throws ArchiveError CHUNK_SET_DAMAGED
   */
  add(set: Uint8Array): number {
    const added = this.#lacked(set, Infinity, true);
    this.#bytes += added;
    return added;
  }

  /**
   * What `add` would add; or anything above `most` when it is more than that.
   * @throws ArchiveError CHUNK_SET_DAMAGED
   */
  lackedBytes(set: Uint8Array, most = Infinity): number {
    return this.#lacked(set, most, false);
  }

  /**
   * What these sets have, any of them, and the cover does not.
   * @throws ArchiveError CHUNK_SET_DAMAGED
   */
  lackedRuns(sets: Iterable<Uint8Array>): Runs {
    const union = (this.#union ??= new ChunkUnion(this.#weights.reachMax));
    for (const set of sets) union.add(set);
    const lacked: number[] = [];
    union.drainPages((base, page) => {
      const covered = this.#pages.get(base);
      if (covered !== undefined) {
        for (let word = 0; word < CONTAINER_WORDS; word++) {
          page[word] = (page[word] ?? 0) & ~(covered[word] ?? 0);
        }
      }
      const length = findBorders(page, this.#borders);
      for (let index = 0; index < length; index++) lacked.push(base + (this.#borders[index] ?? 0));
    });
    return Uint32Array.from(lacked);
  }

  #lacked(set: Uint8Array, most: number, keep: boolean): number {
    const view = new DataView(set.buffer, set.byteOffset, set.byteLength);
    const weights = this.#weights.values;
    let bytes = 0;
    walkContainers(view, (container) => {
      if (bytes <= most) bytes += this.#lackedOf(view, container, weights, keep);
    });
    return bytes;
  }

  #lackedOf(view: DataView, container: Container, weights: Uint32Array, keep: boolean): number {
    const { base } = container;
    const page = { words: this.#page(base), base, weights };
    if (container.kind === 'bitmap') return lackedByBitmap(page, view, container.at, keep);
    const borders = this.#borders;
    const length = decodeBorders(view, container, borders);
    let bytes = 0;
    for (let index = 0; index < length; index += 2) {
      bytes += lackedByRun(page, borders[index] ?? 0, borders[index + 1] ?? 0, keep);
    }
    return bytes;
  }

  #page(base: number): Int32Array {
    let page = this.#pages.get(base);
    if (page === undefined) {
      if (base >= this.#weights.reachMax) throw damagedChunkSet('it reaches far beyond all chunks');
      page = new Int32Array(CONTAINER_WORDS);
      this.#pages.set(base, page);
    }
    return page;
  }
}
