import type { Target } from './target.js';
import { INPUT_MAX_BYTES } from './mutate.js';

/** What is being tried right now, in memory that both threads see: a thread that hangs cannot tell any more. */
export interface CurrentTrial {
  readonly number: number;
  readonly target: string;
  readonly input: Buffer;
}

const HEAD_INTS = 4;
const HEAD_BYTES = HEAD_INTS * 4;
const NAME_BYTES = 64;

export class TrialBoard {
  readonly memory: SharedArrayBuffer;
  readonly #head: Int32Array;
  readonly #name: Buffer;
  readonly #input: Buffer;

  constructor(
    memory: SharedArrayBuffer = new SharedArrayBuffer(HEAD_BYTES + NAME_BYTES + INPUT_MAX_BYTES),
  ) {
    this.memory = memory;
    this.#head = new Int32Array(memory, 0, HEAD_INTS);
    this.#name = Buffer.from(memory, HEAD_BYTES, NAME_BYTES);
    this.#input = Buffer.from(memory, HEAD_BYTES + NAME_BYTES);
  }

  show(target: Target, input: Buffer): void {
    const nameBytes = this.#name.write(target.name);
    this.#input.set(input.subarray(0, this.#input.length));
    Atomics.store(this.#head, 1, nameBytes);
    Atomics.store(this.#head, 2, Math.min(input.length, this.#input.length));
    Atomics.add(this.#head, 0, 1);
  }

  /** Asks the thread to come to its end. */
  stop(): void {
    Atomics.store(this.#head, 3, 1);
  }

  get stopped(): boolean {
    return Atomics.load(this.#head, 3) === 1;
  }

  read(): CurrentTrial {
    const [number, nameBytes, inputBytes] = [0, 1, 2].map((at) => Atomics.load(this.#head, at));
    return {
      number: number ?? 0,
      target: this.#name.toString('utf8', 0, nameBytes),
      input: Buffer.from(this.#input.subarray(0, inputBytes)),
    };
  }
}
