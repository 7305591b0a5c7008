import { systemClock } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';

export interface MovableClock extends Clock {
  pass(seconds: number): void;
}

/** Begins now, as the database does, and can be put forward. */
export function movableClock(): MovableClock {
  let aheadMs = 0;
  return {
    now: () => new Date(systemClock.now().getTime() + aheadMs),
    monotonicMs: () => systemClock.monotonicMs() + aheadMs,
    pass: (seconds) => {
      aheadMs += seconds * 1000;
    },
  };
}
