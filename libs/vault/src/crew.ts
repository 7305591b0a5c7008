import { availableParallelism } from 'node:os';
import { ArchiveError, ERRORS } from '@rootcellar/model';
import type { ErrorCode } from '@rootcellar/model';
import { CHUNK_FRAMES_MAX_BYTES, SlabCache, SlabPool } from '@rootcellar/chunking';
import { Piscina } from 'piscina';
import type { Outcome } from './crew-outcome.js';
import { PACK_MAX_BYTES } from './pack-format.js';
import type * as worker from './crew-worker.js';

type Tasks = typeof worker;
type TaskName =
  | 'sealFrames'
  | 'sealMetadata'
  | 'finishPack'
  | 'copyPlaces'
  | 'openForWire'
  | 'openPlain'
  | 'verifyPack';
type Input<N extends TaskName> = Parameters<Tasks[N]>[0];
type Value<N extends TaskName> = Extract<ReturnType<Tasks[N]>, { ok: true }>['value'];

/** Agents send bodies of up to 15 MiB: 192 MiB at the most. */
const BODIES_UNDERWAY = 12;

/**
 * What a window of chunks takes: 8 MiB of their bytes, heads and seals, records between them, and what is read along with them from packs
 * (`read/plan-reads.ts`).
 */
const WINDOW_MEMORY_BYTES = 16 * 1024 * 1024;
/** Two restores at full speed. */
const WINDOWS_KEPT = 8;
/** One collection copies. */
const PACKS_KEPT = 2;

/**
 * The threads that hash, compress and encrypt, so that the main thread only moves bytes. Tasks queue up to a bound; the
 * callers above bound the bytes (see `ChunkIntake`).
 */
export class Crew {
  /** Memory for upload bodies; it bounds how many are under way in this process. */
  readonly bodies = new SlabPool(CHUNK_FRAMES_MAX_BYTES, BODIES_UNDERWAY);
  /** Memory for windows of chunks that are read; who streams bounds how many. */
  readonly windows = new SlabCache(WINDOW_MEMORY_BYTES, WINDOWS_KEPT);
  /** Memory for whole packs, those that are read and those that are written of them; collection bounds how many. */
  readonly packs = new SlabCache(PACK_MAX_BYTES, PACKS_KEPT);
  readonly #pool: Piscina;

  constructor(threads: number = Math.max(1, Math.min(availableParallelism(), 8))) {
    this.#pool = new Piscina({
      filename: new URL('./crew-worker.js', import.meta.url).href,
      minThreads: 1,
      maxThreads: threads,
      idleTimeout: 30_000,
      maxQueue: 4096,
      concurrentTasksPerWorker: 1,
      // Waiting workers must not spin: the machine has few cores and PostgreSQL needs them.
      atomics: 'async',
    });
  }

  /**
   * Runs one task of `crew-worker.ts`.
   * @param transfer buffers that move to the worker and are empty here afterwards
   * @throws ArchiveError what the task found
   */
  async run<N extends TaskName>(
    name: N,
    input: Input<N>,
    transfer: readonly ArrayBuffer[] = [],
  ): Promise<Value<N>> {
    const outcome = (await this.#pool.run(input, { name, transferList: [...transfer] })) as Outcome<
      Value<N>
    >;
    if (outcome.ok) return outcome.value;
    const code: ErrorCode = outcome.code in ERRORS ? (outcome.code as ErrorCode) : 'INTERNAL';
    throw new ArchiveError(
      code,
      outcome.message,
      outcome.hint === undefined ? {} : { hint: outcome.hint },
    );
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}
