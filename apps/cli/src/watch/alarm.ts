import { setTimeout as sleep } from 'node:timers/promises';

/** Wakes who waits: after a time, at a hint, or when the signal ends it all. */
export class Alarm {
  #rung = false;
  #wake: AbortController | undefined;

  ring(): void {
    this.#rung = true;
    this.#wake?.abort();
  }

  /**
   * @param ms at most that long
   * @param atLeastMs also a hint does not end it before: hints come in swarms
   */
  async wait(ms: number, atLeastMs: number, signal: AbortSignal): Promise<void> {
    await rest(Math.min(ms, atLeastMs), signal);
    if (!this.#rung && ms > atLeastMs) {
      this.#wake = new AbortController();
      await rest(ms - atLeastMs, AbortSignal.any([this.#wake.signal, signal]));
      this.#wake = undefined;
    }
    this.#rung = false;
  }
}

/** Ends early, and quietly, when the signal does. */
export async function rest(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
}
