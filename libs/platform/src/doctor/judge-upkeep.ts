import type { Upkeep } from '@rootcellar/archive';
import { fail, ok, warn } from './finding.js';
import type { Finding } from './finding.js';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** Once an hour is usual. */
const UNSEEN_MS = 3 * HOUR_MS;
const UNCOLLECTED_MS = 3 * DAY_MS;
const UNCHECKED_MS = 30 * DAY_MS;

/** How a household is looked after. */
export interface UpkeepFacts {
  readonly upkeep: Upkeep;
  /** Of its live pack that was checked longest ago; undefined when it has none. */
  readonly oldestCheck: { readonly at: Date; readonly checked: boolean } | undefined;
  /** IANA name. */
  readonly timeZone: string;
}

/** What that means. */
export function judgeUpkeep(facts: UpkeepFacts, now: Date): Finding[] {
  return [
    judgeAlert(facts.upkeep, now),
    judgeCollection(facts.upkeep, now),
    judgeScrub(facts, now),
    judgeTimeZone(facts.timeZone),
  ];
}

function judgeAlert({ alert, seenAt }: Upkeep, now: Date): Finding {
  const id = 'upkeep';
  if (alert !== undefined)
    return fail(id, {
      what: `Nothing is removed by itself: ${alert}`,
      meaning: 'Policies are not applied and space does not come back until somebody has looked.',
      remedy:
        'Look at `rootcellar retention apply`: it shows the plan, and lets the schedule go on.',
    });
  if (seenAt === undefined)
    return ok(id, 'The household is new: upkeep looks at it within the hour.');
  if (now.getTime() - seenAt.getTime() > UNSEEN_MS)
    return warn(id, {
      what: `The household was last seen to ${hours(seenAt, now)} h ago.`,
      meaning: 'Upkeep runs once an hour; without it no policy is applied and nothing collected.',
      remedy: 'Look whether a worker runs (`rootcellar admin jobs`, the log).',
    });
  return ok(id, 'Upkeep runs and has nothing to tell.');
}

function judgeCollection({ seenAt, collectedAt }: Upkeep, now: Date): Finding {
  const id = 'collection';
  if (collectedAt === undefined)
    return ok(id, 'Nothing was collected yet: nobody needed the space.');
  const late = now.getTime() - collectedAt.getTime() > UNCOLLECTED_MS && seenAt !== undefined;
  const what = `Space was last collected ${hours(collectedAt, now)} h ago.`;
  if (!late) return ok(id, what);
  return warn(id, {
    what,
    meaning: 'What is gone from the bin still takes its space.',
    remedy: 'Run `rootcellar admin gc` and look why the daily one does not come to its end.',
  });
}

function judgeScrub({ oldestCheck }: UpkeepFacts, now: Date): Finding {
  const id = 'scrub';
  if (oldestCheck === undefined) return ok(id, 'There is nothing to check yet.');
  const ageMs = now.getTime() - oldestCheck.at.getTime();
  const days = Math.floor(ageMs / DAY_MS);
  const since = oldestCheck.checked ? 'checked last' : 'written and never checked since';
  const what = `The pack that was longest not read was ${since} ${days} days ago.`;
  if (ageMs < UNCHECKED_MS) return ok(id, what);
  return warn(id, {
    what,
    meaning: 'Damage of the disk or bucket would not be noticed before somebody needs the bytes.',
    remedy: 'Run `rootcellar admin scrub`.',
  });
}

function judgeTimeZone(timeZone: string): Finding {
  const id = 'time-zone';
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return ok(id, `The household's days are those of ${timeZone}.`);
  } catch {
    return fail(id, {
      what: `The household's time zone ${timeZone} is not known to this Node.`,
      meaning: 'Rules by day, and the window of upkeep, cannot be applied.',
      remedy: 'Run Node with full ICU data (the default); report it if it is.',
    });
  }
}

function hours(since: Date, now: Date): number {
  return Math.floor((now.getTime() - since.getTime()) / HOUR_MS);
}
