import { fail, ok, warn } from './finding.js';
import type { Finding } from './finding.js';

/** A point in time by another clock, asked for between two looks at ours. */
export interface ClockReading {
  readonly theirs: Date;
  readonly before: Date;
  readonly after: Date;
}

const NOTICEABLE_SECONDS = 5;
const HARMFUL_SECONDS = 300;

/** Compares another clock with the service's. What the question itself took is not held against it. */
export function judgeClock(id: string, whose: string, reading: ClockReading): Finding {
  const seconds = Math.round(differenceMs(reading) / 1000);
  if (Math.abs(seconds) < NOTICEABLE_SECONDS)
    return ok(id, `The clock of the ${whose} agrees with that of the service.`);
  const trouble = {
    what: `The clock of the ${whose} is ${Math.abs(seconds)} s ${seconds > 0 ? 'ahead of' : 'behind'} that of the service.`,
    meaning:
      'Expiries, graces and schedules are decided by both; far apart, removal by itself stops.',
    remedy: 'Let NTP set the clocks of all machines (timedatectl set-ntp true).',
  };
  return Math.abs(seconds) < HARMFUL_SECONDS ? warn(id, trouble) : fail(id, trouble);
}

function differenceMs({ theirs, before, after }: ClockReading): number {
  if (theirs > after) return theirs.getTime() - after.getTime();
  return Math.min(0, theirs.getTime() - before.getTime());
}
