import type { Clock } from '@rootcellar/model';

/**
 * Asks at most once in so many milliseconds, and never twice at a time: whoever asks meanwhile gets the same answer. A failure is
 * an answer, too.
 */
export function cachedFor<T>(
  milliseconds: number,
  clock: Pick<Clock, 'monotonicMs'>,
  ask: () => Promise<T>,
): () => Promise<T> {
  let last: Promise<T> | undefined;
  let untilMs = -Infinity;
  return async () => {
    if (last !== undefined && clock.monotonicMs() < untilMs) return last;
    untilMs = Infinity;
    const asked = ask().finally(() => {
      untilMs = clock.monotonicMs() + milliseconds;
    });
    last = asked;
    return asked;
  };
}
