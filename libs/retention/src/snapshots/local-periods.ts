import { ArchiveError } from '@rootcellar/model';

/** Names the local periods an instant lies in. Two instants are in one period exactly when the names are equal. */
export interface LocalPeriods {
  /** `2026-11-25T02+01:00`: the hour that comes twice when summer time ends is two, told apart by the offset. */
  hourly(at: Date): string;
  /** `2026-11-25` */
  daily(at: Date): string;
  /** `2026-W48`: ISO 8601, weeks begin on Monday and belong to the year of their Thursday. */
  weekly(at: Date): string;
  /** `2026-11` */
  monthly(at: Date): string;
  /** `2026` */
  yearly(at: Date): string;
}

const DAY = 86_400_000;
// A broken clock may say anything; names have four-digit years.
const FIRST = Date.UTC(1000, 0, 8);
const LAST = Date.UTC(9999, 11, 24);

const formatters = new Map<string, Intl.DateTimeFormat>();
const FORMATTERS_MAX = 100;

/**
 * @param timeZone an IANA name
 * @throws ArchiveError INPUT_INVALID when nobody knows the zone
 */
export function localPeriods(timeZone: string): LocalPeriods {
  const formatter = offsetFormatter(timeZone);

  return {
    hourly(at) {
      const offset = offsetOf(formatter, at);
      return `${local(at, offset).slice(0, 13)}${offset}`;
    },
    daily: (at) => local(at, offsetOf(formatter, at)).slice(0, 10),
    weekly: (at) => isoWeek(local(at, offsetOf(formatter, at))),
    monthly: (at) => local(at, offsetOf(formatter, at)).slice(0, 7),
    yearly: (at) => local(at, offsetOf(formatter, at)).slice(0, 4),
  };
}

/** The local time as ISO text without an offset. */
function local(at: Date, offset: string): string {
  return new Date(clamped(at) + offsetMs(offset)).toISOString();
}

/** `+01:00`; before zones were agreed on, with seconds. */
function offsetOf(formatter: Intl.DateTimeFormat, at: Date): string {
  return /GMT([+-][\d:]+)$/.exec(formatter.format(clamped(at)))?.[1] ?? '+00:00';
}

function offsetMs(offset: string): number {
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(':').map(Number);
  return (offset.startsWith('-') ? -1000 : 1000) * (hours * 3600 + minutes * 60 + seconds);
}

function isoWeek(localTime: string): string {
  const day = Date.parse(`${localTime.slice(0, 10)}T00:00:00Z`);
  const mondayIsZero = (new Date(day).getUTCDay() + 6) % 7;
  const thursday = day + (3 - mondayIsZero) * DAY;
  const year = new Date(thursday).getUTCFullYear();
  const week = Math.floor((thursday - Date.UTC(year, 0, 1)) / DAY / 7) + 1;
  return `${year}-W${String(week).padStart(2, '0')}`;
}

function clamped(at: Date): number {
  return Math.min(Math.max(at.getTime(), FIRST), LAST);
}

/** Making one costs more than asking it a hundred times. */
function offsetFormatter(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  try {
    const made = new Intl.DateTimeFormat('en-US', { timeZone, timeZoneName: 'longOffset' });
    if (formatters.size >= FORMATTERS_MAX) formatters.clear();
    formatters.set(timeZone, made);
    return made;
  } catch (cause) {
    throw new ArchiveError(
      'INPUT_INVALID',
      'The time zone is not an IANA name such as Europe/Berlin.',
      {
        cause,
      },
    );
  }
}
