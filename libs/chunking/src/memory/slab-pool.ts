/** A piece of shared memory on loan. Give it back once; then it is somebody else's. */
export interface Slab {
  readonly memory: SharedArrayBuffer;
  giveBack(): void;
}

/**
 * A fixed number of equal pieces of memory, made when they are first needed and used again and again. Batches of chunks live in them
 * while threads read, compress, encrypt and hash them in place: nothing is copied between threads, what is under way is
 * bounded, and the garbage collector, which a fresh buffer per batch keeps busy for a third of the run, has nothing to do.
 */
export class SlabPool {
  readonly #bytes: number;
  #unmade: number;
  readonly #idle: SharedArrayBuffer[] = [];
  readonly #waiting: ((memory: SharedArrayBuffer) => void)[] = [];

  constructor(slabBytes: number, count: number) {
    this.#bytes = slabBytes;
    this.#unmade = count;
  }

  /** Waits until a slab is free; first come, first served. Its content is whatever was left in it. */
  async take(): Promise<Slab> {
    const memory = this.#idle.pop() ?? this.#make() ?? (await this.#next());
    let lent = true;
    return {
      memory,
      giveBack: () => {
        if (!lent) return;
        lent = false;
        const next = this.#waiting.shift();
        if (next === undefined) this.#idle.push(memory);
        else next(memory);
      },
    };
  }

  #make(): SharedArrayBuffer | undefined {
    if (this.#unmade === 0) return undefined;
    this.#unmade -= 1;
    return new SharedArrayBuffer(this.#bytes);
  }

  async #next(): Promise<SharedArrayBuffer> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
