import type { Clock } from '@rootcellar/model';

/** Stands still until it is moved. */
export class SetClock implements Clock {
  #ms = 0;

  pass(ms: number): void {
    this.#ms += ms;
  }

  now(): Date {
    return new Date(Date.UTC(2026, 0, 1) + this.#ms);
  }

  monotonicMs(): number {
    return this.#ms;
  }
}
