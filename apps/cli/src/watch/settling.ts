interface Watched {
  /** What it looked like: size, time, inode, as one text. */
  readonly stamp: string;
  /** Since when it looks like that. */
  readonly since: number;
  /** Not to be touched before. */
  readonly notBefore: number;
}

/**
 * Says when something that is written by others has come to rest: it looked the same for a while. Pure: time is handed in, in
 * milliseconds of one clock that never jumps. It grows with what is unsettled, never with what was done.
 */
export class Settling {
  readonly #watched = new Map<string, Watched>();

  /**
   * It looks so now.
   * @param quietMs how long it must have looked so
   * @returns milliseconds until it may have come to rest; 0: it has
   */
  see(key: string, stamp: string, now: number, quietMs: number): number {
    const before = this.#watched.get(key);
    if (before?.stamp !== stamp) {
      this.#watched.set(key, { stamp, since: now, notBefore: now });
      return quietMs;
    }
    return Math.max(0, before.since + quietMs - now, before.notBefore - now);
  }

  /** Milliseconds it looks like this; 0 when it was never seen so. */
  restedMs(key: string, stamp: string, now: number): number {
    const before = this.#watched.get(key);
    return before?.stamp === stamp ? now - before.since : 0;
  }

  /** Leaves it alone for a while, though it has come to rest. */
  postpone(key: string, now: number, pauseMs: number): void {
    const before = this.#watched.get(key);
    if (before !== undefined) this.#watched.set(key, { ...before, notBefore: now + pauseMs });
  }

  /** It is done, or gone: what looks so the next time begins anew. */
  forget(key: string): void {
    this.#watched.delete(key);
  }

  keys(): readonly string[] {
    return [...this.#watched.keys()];
  }
}
