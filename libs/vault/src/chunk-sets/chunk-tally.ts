import type { ChunkWeights } from './chunk-weights.js';
import { damagedChunkSet } from './damaged-chunk-set.js';
import { forEachContainer } from './for-each-container.js';

/** Ordinals that are looked at or passed over together: 4 KiB of steps. */
const BLOCK_BITS = 10;
const BLOCK = 1 << BLOCK_BITS;

/**
 * Counts in how many sets each ordinal is. Only where a run begins (+1) and ends (−1) is noted, so that adding a
 * set costs two steps a run, whatever its length. Memory: 4 bytes an ordinal. After an error it is of no use.
 */
export class ChunkTally {
  readonly weights: ChunkWeights;
  /** At n: how many more sets hold n than hold n − 1. */
  #steps: Int32Array;
  /** Per block: it has a step other than 0, perhaps. */
  #touched: Uint8Array;
  /** All steps lie in [low, high]. */
  #low = Infinity;
  #high = -1;

  /** @param weights of the household; they say how far its ordinals reach */
  constructor(weights: ChunkWeights) {
    this.weights = weights;
    this.#steps = new Int32Array(weights.size + 1);
    this.#touched = new Uint8Array((weights.size >>> BLOCK_BITS) + 1);
  }

  /**
   * Counts a serialised set.
   * @throws ArchiveError CHUNK_SET_DAMAGED
   */
  add(set: Uint8Array): void {
    forEachContainer(set, (base, borders, length) => {
      this.#reach(base + (borders[0] ?? 0), base + (borders[length - 1] ?? 0));
      const steps = this.#steps;
      const touched = this.#touched;
      for (let index = 0; index < length; index += 2) {
        const first = base + (borders[index] ?? 0);
        const end = base + (borders[index + 1] ?? 0);
        steps[first] = (steps[first] ?? 0) + 1;
        steps[end] = (steps[end] ?? 0) - 1;
        touched[first >>> BLOCK_BITS] = 1;
        touched[end >>> BLOCK_BITS] = 1;
      }
    });
  }

  /**
   * Gives the counts other than 0 as runs [first, end) of one count, ascending, and begins anew. Costs what the runs
   * that were added touch, not what lies between them.
   */
  drain(visit: (first: number, end: number, count: number) => void): void {
    if (this.#high < 0) return;
    const steps = this.#steps;
    const high = this.#high;
    let count = 0;
    let first = 0;
    for (let block = this.#low >>> BLOCK_BITS; block <= high >>> BLOCK_BITS; block++) {
      if (this.#touched[block] === 0) continue;
      this.#touched[block] = 0;
      const blockEnd = Math.min((block + 1) * BLOCK, steps.length);
      for (let ordinal = block * BLOCK; ordinal < blockEnd; ordinal++) {
        const step = steps[ordinal] ?? 0;
        if (step === 0) continue;
        steps[ordinal] = 0;
        if (count > 0) visit(first, ordinal, count);
        count += step;
        first = ordinal;
      }
    }
    this.#low = Infinity;
    this.#high = -1;
  }

  /** The count of each ordinal, made in place: the tally is used up. */
  intoCounts(): Int32Array {
    const counts = this.#steps;
    let count = 0;
    for (let ordinal = 0; ordinal < counts.length; ordinal++) {
      count += counts[ordinal] ?? 0;
      counts[ordinal] = count;
    }
    this.#steps = new Int32Array(1);
    this.#touched = new Uint8Array(1);
    this.#low = Infinity;
    this.#high = -1;
    return counts;
  }

  #reach(first: number, end: number): void {
    this.#low = Math.min(this.#low, first);
    this.#high = Math.max(this.#high, end);
    if (end < this.#steps.length) return;
    const { reachMax } = this.weights;
    if (end > reachMax) throw damagedChunkSet('it reaches far beyond all chunks');
    const room = Math.min(reachMax, Math.max(end, Math.ceil(this.#steps.length * 1.25))) + 1;
    const steps = new Int32Array(room);
    steps.set(this.#steps);
    this.#steps = steps;
    const touched = new Uint8Array((room >>> BLOCK_BITS) + 1);
    touched.set(this.#touched);
    this.#touched = touched;
  }
}
