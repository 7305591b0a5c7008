import { ChunkTally } from './chunk-tally.js';
import type { ChunkWeights } from './chunk-weights.js';
import { sumOf } from './chunk-weights.js';
import { damagedChunkSet } from './damaged-chunk-set.js';
import { checkChunkSet, forEachContainer } from './for-each-container.js';

/**
 * How many roots need each chunk of a household, and what that means in bytes, exactly. Made of all roots at once,
 * then kept up one root at a time. Weights may be appended meanwhile, but before roots are restored that need them.
 * Memory: 4 bytes an ordinal, 8 more once unique bytes were asked for, 4 more once freed bytes were.
 */
export class ChunkCounts {
  readonly #weights: ChunkWeights;
  #counts: Int32Array;
  #bytes = 0;
  /** Ordinals whose weight is in `#bytes` if they are needed. */
  #weighed = 0;
  /** At n: what the ordinals below n weigh that exactly one root needs. */
  #uniqueSums = new Float64Array(0);
  /** Ordinals that `#uniqueSums` covers; −1: none, the counts have changed. */
  #uniqueSize = -1;
  #selection: ChunkTally | undefined;

  /** @param tally holds every root, each once. It is used up. */
  constructor(tally: ChunkTally) {
    this.#weights = tally.weights;
    this.#counts = tally.intoCounts();
  }

  /** @throws ArchiveError CHUNK_SET_DAMAGED */
  static of(weights: ChunkWeights, sets: Iterable<Uint8Array>): ChunkCounts {
    const tally = new ChunkTally(weights);
    for (const set of sets) tally.add(set);
    return new ChunkCounts(tally);
  }

  /** What all roots need together; sealed bytes. */
  get bytes(): number {
    this.#weighNew();
    return this.#bytes;
  }

  isNeeded(ordinal: number): boolean {
    return (this.#counts[ordinal] ?? 0) > 0;
  }

  /**
   * Takes a root away that was counted.
   * @returns the bytes that nobody needs any more
   * @throws ArchiveError CHUNK_SET_DAMAGED; nothing was changed
   */
  remove(set: Uint8Array): number {
    if (checkChunkSet(set) > this.#counts.length) throw notCounted();
    this.#weighNew();
    this.#uniqueSize = -1;
    const freed = lowerCounts(this.#counts, this.#weights.values, set);
    this.#bytes -= freed;
    return freed;
  }

  /**
   * Counts a root: one that was removed, or a new one.
   * @returns the bytes that were not needed before
   * @throws ArchiveError CHUNK_SET_DAMAGED; nothing was changed
   */
  restore(set: Uint8Array): number {
    this.#reach(checkChunkSet(set));
    this.#weighNew();
    this.#uniqueSize = -1;
    const needed = raiseCounts(this.#counts, this.#weights.values, set);
    this.#bytes += needed;
    return needed;
  }

  /**
   * The bytes that a counted root needs and no other does. Quick for many roots between two changes.
   * @throws ArchiveError CHUNK_SET_DAMAGED
   */
  uniqueBytes(set: Uint8Array): number {
    const size = Math.min(this.#counts.length, this.#weights.size);
    if (this.#uniqueSize !== size) this.#sumUnique(size);
    return sumOf(set, this.#uniqueSums, size);
  }

  /**
   * The bytes that go when all of these go together: needed by them, and by no other.
   * @param selection counted roots, each once
   * @throws ArchiveError CHUNK_SET_DAMAGED
   */
  freedBytes(selection: Iterable<Uint8Array>): number {
    const tally = this.#selection ?? new ChunkTally(this.#weights);
    // A tally that failed is of no use: the next call makes another.
    this.#selection = undefined;
    for (const set of selection) tally.add(set);
    const counts = this.#counts;
    const weights = this.#weights.values;
    let freed = 0;
    tally.drain((first, end, selected) => {
      let sum = 0;
      for (let ordinal = first; ordinal < end; ordinal++) {
        if (counts[ordinal] === selected) sum += weights[ordinal] ?? 0;
      }
      freed += sum;
    });
    this.#selection = tally;
    return freed;
  }

  /** Weighs what was counted before its weight was known. */
  #weighNew(): void {
    const counts = this.#counts;
    const weights = this.#weights.values;
    let bytes = 0;
    const end = Math.min(counts.length, weights.length);
    for (let ordinal = this.#weighed; ordinal < end; ordinal++) {
      if ((counts[ordinal] ?? 0) > 0) bytes += weights[ordinal] ?? 0;
    }
    this.#bytes += bytes;
    this.#weighed = weights.length;
  }

  #sumUnique(size: number): void {
    if (this.#uniqueSums.length <= size) this.#uniqueSums = new Float64Array(size + 1);
    const sums = this.#uniqueSums;
    const counts = this.#counts;
    const weights = this.#weights.values;
    let sum = 0;
    for (let ordinal = 0; ordinal < size; ordinal++) {
      if (counts[ordinal] === 1) sum += weights[ordinal] ?? 0;
      sums[ordinal + 1] = sum;
    }
    this.#uniqueSize = size;
  }

  #reach(end: number): void {
    if (end <= this.#counts.length) return;
    const { reachMax } = this.#weights;
    if (end > reachMax) throw damagedChunkSet('it reaches far beyond all chunks');
    const room = Math.min(reachMax, Math.max(end, Math.ceil(this.#counts.length * 1.25)));
    const grown = new Int32Array(room);
    grown.set(this.#counts);
    this.#counts = grown;
  }
}

/** @returns the bytes of the ordinals that went to 0 */
function lowerCounts(counts: Int32Array, weights: Uint32Array, set: Uint8Array): number {
  let freed = 0;
  forEachContainer(set, (base, borders, length) => {
    let sum = 0;
    for (let index = 0; index < length; index += 2) {
      const end = base + (borders[index + 1] ?? 0);
      for (let ordinal = base + (borders[index] ?? 0); ordinal < end; ordinal++) {
        const left = (counts[ordinal] ?? 0) - 1;
        if (left < 0) throw notCounted();
        counts[ordinal] = left;
        if (left === 0) sum += weights[ordinal] ?? 0;
      }
    }
    freed += sum;
  });
  return freed;
}

/** @returns the bytes of the ordinals that were at 0 */
function raiseCounts(counts: Int32Array, weights: Uint32Array, set: Uint8Array): number {
  let needed = 0;
  forEachContainer(set, (base, borders, length) => {
    let sum = 0;
    for (let index = 0; index < length; index += 2) {
      const end = base + (borders[index + 1] ?? 0);
      for (let ordinal = base + (borders[index] ?? 0); ordinal < end; ordinal++) {
        const before = counts[ordinal] ?? 0;
        counts[ordinal] = before + 1;
        if (before === 0) sum += weights[ordinal] ?? 0;
      }
    }
    needed += sum;
  });
  return needed;
}

function notCounted(): Error {
  return new Error('a root was removed that was not counted');
}
