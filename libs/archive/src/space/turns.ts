import { setImmediate } from 'node:timers/promises';

/** Work between two pauses. */
const TURN_MS = 4;
/**
 * Rounds of the event loop others have in a pause. Not one: a body of 8 MiB arrives in some hundred reads, a few a round, and would otherwise wait
 * for as many turns.
 */
const ROUNDS = 16;

/** Lets others have their turn during long counting, so that uploads do not wait for it. */
export class Turns {
  readonly #now: () => number;
  #since: number;

  /** @param now milliseconds of a clock that never goes back */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
    this.#since = now();
  }

  /** After each piece of a millisecond or less. */
  async pause(): Promise<void> {
    if (this.#now() - this.#since < TURN_MS) return;
    for (let round = 0; round < ROUNDS; round += 1) await setImmediate();
    this.#since = this.#now();
  }
}
