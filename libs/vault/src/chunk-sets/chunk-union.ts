import { BORDERS_MAX, decodeBorders } from './container-borders.js';
import { CONTAINER_WORDS, findBorders, orWords, setRun } from './container-words.js';
import { damagedChunkSet } from './damaged-chunk-set.js';
import type { VisitContainer } from './for-each-container.js';
import type { Container } from './walk-containers.js';
import { CONTAINER_VALUES, walkContainers } from './walk-containers.js';

/**
 * Gathers the union of serialised sets as plain bits. Bitmap containers, as sets without any order have them, are taken
 * word by word: many times quicker than run by run. Memory: 8 KiB for every 65,536 ordinals of which a set has any.
 * After an error it is of no use.
 */
export class ChunkUnion {
  readonly #reachMax: number;
  /** By base. Those that are not in `#used` have no bit. */
  readonly #pages = new Map<number, Int32Array>();
  readonly #used = new Set<number>();
  readonly #borders = new Uint32Array(BORDERS_MAX);

  /** @param reachMax ordinals; a set with a container beyond it is damaged */
  constructor(reachMax: number) {
    this.#reachMax = reachMax;
  }

  /** @throws ArchiveError CHUNK_SET_DAMAGED */
  add(set: Uint8Array): void {
    const view = new DataView(set.buffer, set.byteOffset, set.byteLength);
    walkContainers(view, (container) => this.#addContainer(view, container));
  }

  has(ordinal: number): boolean {
    const low = ordinal % CONTAINER_VALUES;
    const page = this.#pages.get(ordinal - low);
    return page !== undefined && (((page[low >>> 5] ?? 0) >>> (low & 31)) & 1) === 1;
  }

  /** Gives the union container by container, as {@link forEachContainer} gives a set, and begins anew. */
  drain(visit: VisitContainer): void {
    this.drainPages((base, page) => {
      visit(base, this.#borders, findBorders(page, this.#borders));
    });
  }

  /** Gives the union as bits, 65,536 a page, lent until the call returns, and begins anew. */
  drainPages(visit: (base: number, page: Int32Array) => void): void {
    const bases = [...this.#used].sort((one, other) => one - other);
    for (const base of bases) {
      const page = this.#page(base);
      visit(base, page);
      page.fill(0);
    }
    this.#used.clear();
  }

  #addContainer(view: DataView, container: Container): void {
    const { base } = container;
    if (base >= this.#reachMax) throw damagedChunkSet('it reaches far beyond all chunks');
    const page = this.#page(base);
    this.#used.add(base);
    if (container.kind === 'bitmap') {
      if (orWords(page, view, container.at) === container.cardinality) return;
      throw damagedChunkSet('a container has not as many ordinals as it says');
    }
    const borders = this.#borders;
    const length = decodeBorders(view, container, borders);
    for (let index = 0; index < length; index += 2) {
      setRun(page, borders[index] ?? 0, borders[index + 1] ?? 0);
    }
  }

  #page(base: number): Int32Array {
    let page = this.#pages.get(base);
    if (page === undefined) {
      page = new Int32Array(CONTAINER_WORDS);
      this.#pages.set(base, page);
    }
    return page;
  }
}
