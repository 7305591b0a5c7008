import { ChunkUnion } from './chunk-union.js';
import type { ChunkWeights } from './chunk-weights.js';
import { CONTAINER_VALUES } from './walk-containers.js';

/** Sealed bytes. */
export interface FairShare {
  readonly id: string;
  /** What the group needs, shared or not. */
  readonly neededBytes: number;
  /** What only it needs: comes back when all of it goes. */
  readonly aloneBytes: number;
  /** Each chunk's weight divided by the number of groups that need it; rounded down. */
  readonly fairBytes: number;
}

/**
 * Splits what groups of roots need: a chunk that k groups need is paid by each of them with a k-th. Memory: 8 KiB a group for every 65,536
 * ordinals of which it has any.
 */
export class FairShares {
  readonly #weights: ChunkWeights;
  readonly #union: ChunkUnion;
  readonly #ids: string[] = [];
  /** By base: the bits of each group that has any there. */
  readonly #pages = new Map<number, { readonly group: number; readonly bits: Int32Array }[]>();

  constructor(weights: ChunkWeights) {
    this.#weights = weights;
    this.#union = new ChunkUnion(weights.reachMax);
  }

  /** @param sets serialised @throws ArchiveError CHUNK_SET_DAMAGED */
  add(id: string, sets: Iterable<Uint8Array>): void {
    const group = this.#ids.push(id) - 1;
    for (const set of sets) this.#union.add(set);
    this.#union.drainPages((base, page) => {
      const pages = this.#pages.get(base) ?? [];
      pages.push({ group, bits: page.slice() });
      this.#pages.set(base, pages);
    });
  }

  /** In the order the groups were added, and what all of them need together, each chunk once. */
  result(): { readonly shares: FairShare[]; readonly bytes: number } {
    const groups = this.#ids.length;
    /** At group * (groups + 1) + k: what the group needs that k of them need. */
    const sums = new Float64Array(groups * (groups + 1));
    for (const [base, pages] of this.#pages) this.#weighPage(base, pages, sums);
    let bytes = 0;
    const shares = this.#ids.map((id, group): FairShare => {
      let [neededBytes, fair] = [0, 0];
      for (let k = 1; k <= groups; k++) {
        const sum = sums[group * (groups + 1) + k] ?? 0;
        neededBytes += sum;
        fair += sum / k;
      }
      bytes += fair;
      const aloneBytes = sums[group * (groups + 1) + 1] ?? 0;
      return { id, neededBytes, aloneBytes, fairBytes: Math.floor(fair) };
    });
    return { shares, bytes: Math.round(bytes) };
  }

  #weighPage(
    base: number,
    pages: readonly { readonly group: number; readonly bits: Int32Array }[],
    sums: Float64Array,
  ): void {
    const counts = new Uint16Array(CONTAINER_VALUES);
    for (const { bits } of pages)
      forEachBit(bits, (low) => {
        counts[low] = (counts[low] ?? 0) + 1;
      });
    const weights = this.#weights.values;
    const row = this.#ids.length + 1;
    for (const { group, bits } of pages) {
      forEachBit(bits, (low) => {
        const at = group * row + (counts[low] ?? 0);
        sums[at] = (sums[at] ?? 0) + (weights[base + low] ?? 0);
      });
    }
  }
}

function forEachBit(bits: Int32Array, visit: (low: number) => void): void {
  for (let word = 0; word < bits.length; word++) {
    for (let left = bits[word] ?? 0; left !== 0; left &= left - 1)
      visit(32 * word + 31 - Math.clz32(left & -left));
  }
}
