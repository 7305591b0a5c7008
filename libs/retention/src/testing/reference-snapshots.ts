import type { SnapshotItem } from '../items.js';

export interface ReferenceRules {
  readonly withinHours: number;
  readonly last: number;
  readonly hourly: number;
  readonly daily: number;
  readonly weekly: number;
  readonly monthly: number;
  readonly yearly: number;
}

/**
 * The ids that rules and floor keep of one device, written from README's words, slowly and with none of the room's code:
 * local fields come from Intl's calendar instead of its offsets, periods are lists.
 */
export function referenceKept(
  items: readonly SnapshotItem[],
  rules: ReferenceRules,
  { now, timeZone }: { readonly now: Date; readonly timeZone: string },
): Set<string> {
  const time = (it: SnapshotItem): number => Math.min(+it.takenAt, +it.storedAt);
  const isNewer = (a: SnapshotItem, b: SnapshotItem): boolean =>
    time(a) > time(b) || (time(a) === time(b) && a.id > b.id);
  const sorted = [...items].sort((a, b) => (isNewer(a, b) ? -1 : 1));
  const complete = sorted.filter((it) => it.complete);
  const counted = complete.filter((it) => !it.pinned);

  const byRules = new Set<string>();
  for (const it of sorted) {
    const isWithin = rules.withinHours > 0 && +now - time(it) < rules.withinHours * 3_600_000;
    if (isWithin && !it.pinned) byRules.add(it.id);
  }
  for (const it of counted.slice(0, rules.last)) byRules.add(it.id);
  for (const unit of ['hourly', 'daily', 'weekly', 'monthly', 'yearly'] as const) {
    const named = counted.map((it) => ({ it, name: periodName(unit, time(it), timeZone) }));
    const representatives = named.filter(
      ({ it, name }) => !named.some((other) => other.name === name && isNewer(other.it, it)),
    );
    const notKept = representatives.map(({ it }) => it).filter((it) => !byRules.has(it.id));
    for (const it of notKept.slice(0, rules[unit])) byRules.add(it.id);
  }

  const floor = [
    ...items.filter((it) => it.pinned),
    ...complete.slice(0, 1),
    ...items.filter((it) => !it.complete && !complete.some((other) => isNewer(other, it))),
  ];
  return new Set([...byRules, ...floor.map((it) => it.id)]);
}

const calendars = new Map<string, Intl.DateTimeFormat>();

function calendar(timeZone: string): Intl.DateTimeFormat {
  const made =
    calendars.get(timeZone) ??
    new Intl.DateTimeFormat('en-GB', {
      ...{ timeZone, hourCycle: 'h23', weekday: 'short' },
      ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
      ...{ hour: '2-digit', minute: '2-digit' },
    });
  calendars.set(timeZone, made);
  return made;
}

/** What was asked for lately: five units ask for the same. */
const fields = new Map<string, Intl.DateTimeFormatPart[]>();

function fieldsOf(time: number, timeZone: string): Intl.DateTimeFormatPart[] {
  const key = `${time} ${timeZone}`;
  const parts = fields.get(key) ?? calendar(timeZone).formatToParts(time);
  if (fields.size > 10_000) fields.clear();
  fields.set(key, parts);
  return parts;
}

export function periodName(
  unit: 'hourly' | 'daily' | 'weekly' | 'monthly' | 'yearly',
  time: number,
  timeZone: string,
): string {
  const parts = fieldsOf(time, timeZone);
  const part = (type: string): string => parts.find((it) => it.type === type)?.value ?? '';
  const [year, month, day] = [part('year'), part('month'), part('day')];
  switch (unit) {
    case 'yearly':
      return year;
    case 'monthly':
      return `${year}-${month}`;
    case 'daily':
      return `${year}-${month}-${day}`;
    case 'weekly': {
      // The Monday before, as a date: names a week as well as its number does.
      const back = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun'].indexOf(part('weekday'));
      return new Date(Date.UTC(+year, +month - 1, +day - back)).toISOString().slice(0, 10);
    }
    case 'hourly': {
      // The distance to UTC in minutes tells the repeated hour from the first.
      const shown = Date.UTC(+year, +month - 1, +day, +part('hour'), +part('minute'));
      const offset = (shown - Math.floor(time / 60_000) * 60_000) / 60_000;
      return `${year}-${month}-${day}T${part('hour')} ${offset}`;
    }
  }
}
