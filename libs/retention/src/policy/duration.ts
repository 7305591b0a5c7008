import type { Duration } from './household-policy.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const UNITS = [
  ['h', HOUR, 'hour'],
  ['d', DAY, 'day'],
  ['w', 7 * DAY, 'week'],
  ['m', 30 * DAY, 'month'],
  ['y', 365 * DAY, 'year'],
] as const;

/** Whether the text is a `Duration`: 0 to 10,000 of one unit. */
export function isDuration(text: string): boolean {
  return /^\d{1,5}[hdwmy]$/.test(text) && Number.parseInt(text, 10) <= 10_000;
}

/** Milliseconds. Feed it what `isDuration` took. */
export function durationMs(duration: Duration): number {
  return Number.parseInt(duration, 10) * unitOf(duration)[1];
}

/** For people: `14 days`, `1 year`. */
export function describeDuration(duration: Duration): string {
  const count = Number.parseInt(duration, 10);
  return `${count} ${unitOf(duration)[2]}${count === 1 ? '' : 's'}`;
}

function unitOf(duration: Duration): (typeof UNITS)[number] {
  const unit = UNITS.find(([letter]) => duration.endsWith(letter));
  if (unit === undefined) throw new Error(`Not a duration: ${duration}`);
  return unit;
}
