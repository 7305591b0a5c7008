import type { Runs } from './chunk-cover.js';
import type { ChunkWeights } from './chunk-weights.js';

/** The mark of an ordinal that several groups have, or that was counted. */
const DONE = -1;

/**
 * What each of some groups has and no other of them, in sealed bytes. Costs their ordinals: for what is left when most is taken
 * away. Memory: 4 bytes an ordinal of the household.
 */
export class ExclusiveBytes {
  readonly #weights: Uint32Array;
  /** The number of the group that has an ordinal, from 1; 0: none has. All 0 between two calls. */
  readonly #owners: Int32Array;

  constructor(weights: ChunkWeights) {
    this.#weights = weights.values;
    this.#owners = new Int32Array(weights.size);
  }

  /** @returns bytes in the order of the groups */
  of(groups: readonly (readonly Runs[])[]): number[] {
    for (const [at, lists] of groups.entries()) {
      for (const runs of lists) this.#mark(at + 1, runs);
    }
    const bytes = groups.map((lists, at) =>
      lists.reduce((sum, runs) => sum + this.#weigh(at + 1, runs), 0),
    );
    for (const runs of groups.flat()) this.#clear(runs);
    return bytes;
  }

  #mark(owner: number, runs: Runs): void {
    const owners = this.#owners;
    for (let index = 0; index < runs.length; index += 2) {
      const end = Math.min(runs[index + 1] ?? 0, owners.length);
      for (let ordinal = runs[index] ?? 0; ordinal < end; ordinal++) {
        const before = owners[ordinal];
        owners[ordinal] = before === 0 || before === owner ? owner : DONE;
      }
    }
  }

  #weigh(owner: number, runs: Runs): number {
    const owners = this.#owners;
    let bytes = 0;
    for (let index = 0; index < runs.length; index += 2) {
      const end = Math.min(runs[index + 1] ?? 0, owners.length);
      for (let ordinal = runs[index] ?? 0; ordinal < end; ordinal++) {
        if (owners[ordinal] !== owner) continue;
        bytes += this.#weights[ordinal] ?? 0;
        owners[ordinal] = DONE;
      }
    }
    return bytes;
  }

  #clear(runs: Runs): void {
    const owners = this.#owners;
    for (let index = 0; index < runs.length; index += 2) {
      const end = Math.min(runs[index + 1] ?? 0, owners.length);
      for (let ordinal = runs[index] ?? 0; ordinal < end; ordinal++) owners[ordinal] = 0;
    }
  }
}
