import { durationMs } from './duration.js';
import type { Duration } from './household-policy.js';

/** Whether the date is less than the duration ago; what lies in the future is. Nothing is younger than `0d`. */
export function isYoungerThan(date: Date, duration: Duration, now: Date): boolean {
  const span = durationMs(duration);
  return span > 0 && date.getTime() > now.getTime() - span;
}
