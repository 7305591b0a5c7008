import { availableParallelism } from 'node:os';
import { tuneHeapForBulk } from '@rootcellar/chunking';
import { Piscina } from 'piscina';
import type * as worker from './crew-worker.js';
import { valueOf } from './task.js';
import type { Answer } from './task.js';

type Tasks = typeof worker;
type TaskName = 'cutFiles' | 'cutPart' | 'probe' | 'hashFile' | 'frameChunks' | 'placeChunks';
type Input<N extends TaskName> = Parameters<Tasks[N]>[0];
type Output<N extends TaskName> = ReturnType<Tasks[N]> extends Answer<infer T> ? T : never;

/** The threads that read, cut, hash, compress and write, so that the main thread only moves bytes. */
export class Crew {
  readonly #threads: number;
  #pool: Piscina | undefined;

  /** Nothing is started before there is work. */
  constructor(threads = Math.max(1, Math.min(availableParallelism(), 8))) {
    this.#threads = threads;
  }

  /** There will be work: threads take 50 ms and more to start. */
  warmUp(): void {
    this.#pool ??= startPool(this.#threads);
  }

  /**
   * @throws ArchiveError, or an Error with the code the system gave
   */
  async run<N extends TaskName>(name: N, input: Input<N>): Promise<Output<N>> {
    this.#pool ??= startPool(this.#threads);
    const answer = (await this.#pool.run(input, { name })) as Answer<Output<N>>;
    return valueOf(answer);
  }

  async close(): Promise<void> {
    await this.#pool?.destroy();
  }
}

function startPool(threads: number): Piscina {
  // Not before: looking around a backup makes small objects, for which V8 as it comes is better.
  tuneHeapForBulk();
  return new Piscina({
    filename: new URL('./crew-worker.js', import.meta.url).href,
    // All of them for the whole run.
    minThreads: threads,
    maxThreads: threads,
    maxQueue: 1024,
    // Waiting workers must not spin: the service may run on the same machine.
    atomics: 'async',
  });
}
