import type { Slab } from './slab-pool.js';

/**
 * Equal pieces of memory that are used again, for work whose amount is bounded elsewhere: nobody waits for another here, so a slow
 * reader delays only itself. What is given back beyond `keep` pieces is let go.
 */
export class SlabCache {
  readonly #bytes: number;
  readonly #keep: number;
  readonly #idle: SharedArrayBuffer[] = [];

  constructor(slabBytes: number, keep: number) {
    this.#bytes = slabBytes;
    this.#keep = keep;
  }

  /** Its content is whatever was left in it. */
  take(): Slab {
    const memory = this.#idle.pop() ?? new SharedArrayBuffer(this.#bytes);
    let lent = true;
    return {
      memory,
      giveBack: () => {
        if (lent && this.#idle.length < this.#keep) this.#idle.push(memory);
        lent = false;
      },
    };
  }
}
