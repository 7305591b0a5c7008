/** Time is handed in, so that a test can hold it still. */
export interface Clock {
  now(): Date;
  /** Milliseconds that never jump; for durations only. */
  monotonicMs(): number;
}

export const systemClock: Clock = {
  // eslint-disable-next-line no-restricted-syntax -- the one place that asks the machine
  now: () => new Date(),
  monotonicMs: () => performance.now(),
};
