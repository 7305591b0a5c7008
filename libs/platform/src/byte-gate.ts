interface Waiting {
  readonly bytes: number;
  readonly enter: () => void;
}

/** Bounds the bytes that are in memory at a time; first come, first served. */
export class ByteGate {
  readonly #capacity: number;
  #free: number;
  readonly #queue: Waiting[] = [];

  constructor(capacity: number) {
    this.#capacity = capacity;
    this.#free = capacity;
  }

  /** Waits for room; `bytes` above the capacity count as all of it. @returns how to leave, to be called once */
  async enter(bytes: number): Promise<() => void> {
    const claim = Math.min(bytes, this.#capacity);
    if (this.#queue.length > 0 || claim > this.#free) {
      await new Promise<void>((enter) => this.#queue.push({ bytes: claim, enter }));
    } else {
      this.#free -= claim;
    }
    return () => {
      this.#free += claim;
      this.#admit();
    };
  }

  #admit(): void {
    for (
      let next = this.#queue[0];
      next !== undefined && next.bytes <= this.#free;
      next = this.#queue[0]
    ) {
      this.#queue.shift();
      this.#free -= next.bytes;
      next.enter();
    }
  }
}
