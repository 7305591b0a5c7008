import { forEachContainer } from './for-each-container.js';

/** Ordinals are u32. */
export const ORDINALS_MAX = 2 ** 32;
/** What any household may have, whatever is known of it yet: 64 MiB of counts. */
const REACH_ALWAYS = 2 ** 24;

/**
 * What each chunk of a household weighs: its sealed length in bytes, by ordinal. A weight never changes once it is
 * given; an ordinal without one weighs nothing. Memory: 4 bytes an ordinal, 12 once something was weighed.
 */
export class ChunkWeights {
  #weights = new Uint32Array(0);
  #size = 0;
  /** At n: what the ordinals below n weigh together. Exact: an archive has less than 2^53 bytes. */
  #sums = new Float64Array(1);
  #summed = 0;

  /** One more than the highest ordinal that was given a weight. */
  get size(): number {
    return this.#size;
  }

  /** By ordinal. Good until the next `append`. */
  get values(): Uint32Array {
    return this.#weights.subarray(0, this.#size);
  }

  /** How far a set may reach: ordinals are dense, so one far beyond all others is damage, and would cost memory. */
  get reachMax(): number {
    return Math.min(ORDINALS_MAX, Math.max(REACH_ALWAYS, 2 * this.#size));
  }

  /**
   * @param first the ordinal of the first weight; not below `size`. What lies between weighs nothing.
   * @param weights bytes a chunk; or the same as u32, little-endian
   */
  append(first: number, weights: Uint32Array | Uint8Array): void {
    const added = weights instanceof Uint32Array ? weights.length : weights.length / 4;
    if (!Number.isInteger(added)) throw new RangeError('weights are four bytes each');
    if (!Number.isInteger(first) || first < this.#size || first + added > ORDINALS_MAX) {
      throw new RangeError('weights are appended in the order of their ordinals');
    }
    if (added === 0) return;
    this.#growTo(first + added);
    if (weights instanceof Uint32Array) this.#weights.set(weights, first);
    else copyLittleEndian(weights, this.#weights, first);
    this.#size = first + added;
  }

  /**
   * What the chunks of a serialised set weigh together, in bytes.
   * @throws ArchiveError CHUNK_SET_DAMAGED
   */
  bytesOf(set: Uint8Array): number {
    return sumOf(set, this.#upToDateSums(), this.#size);
  }

  /** What the ordinals of [first, end) weigh together, in bytes. */
  bytesBetween(first: number, end: number): number {
    const sums = this.#upToDateSums();
    const size = this.#size;
    return (sums[Math.min(end, size)] ?? 0) - (sums[Math.min(first, size)] ?? 0);
  }

  #growTo(size: number): void {
    if (size <= this.#weights.length) return;
    // The first batch may be all there is; only who comes back gets room for more.
    const room = this.#size === 0 ? size : Math.max(size, Math.ceil(this.#size * 1.25));
    const grown = new Uint32Array(room);
    grown.set(this.values);
    this.#weights = grown;
  }

  #upToDateSums(): Float64Array {
    if (this.#summed === this.#size) return this.#sums;
    if (this.#sums.length <= this.#size) {
      const grown = new Float64Array(this.#weights.length + 1);
      grown.set(this.#sums.subarray(0, this.#summed + 1));
      this.#sums = grown;
    }
    const sums = this.#sums;
    const weights = this.#weights;
    let sum = sums[this.#summed] ?? 0;
    for (let ordinal = this.#summed; ordinal < this.#size; ordinal++) {
      sum += weights[ordinal] ?? 0;
      sums[ordinal + 1] = sum;
    }
    this.#summed = this.#size;
    return sums;
  }
}

/**
 * The sum over the ordinals of a set, two look-ups a run.
 * @param sums at n: the sum of all below n, for n = 0 … size
 * @throws ArchiveError CHUNK_SET_DAMAGED
 */
export function sumOf(set: Uint8Array, sums: Float64Array, size: number): number {
  let total = 0;
  forEachContainer(set, (base, borders, length) => {
    let sum = 0;
    for (let index = 0; index < length; index += 2) {
      const first = Math.min(base + (borders[index] ?? 0), size);
      const end = Math.min(base + (borders[index + 1] ?? 0), size);
      sum += (sums[end] ?? 0) - (sums[first] ?? 0);
    }
    total += sum;
  });
  return total;
}

function copyLittleEndian(bytes: Uint8Array, to: Uint32Array, at: number): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let index = 0; index < bytes.length / 4; index++) {
    to[at + index] = view.getUint32(4 * index, true);
  }
}
