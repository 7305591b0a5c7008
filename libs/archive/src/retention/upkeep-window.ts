import { ArchiveError } from '@rootcellar/model';

/** Hours of the household's day, in minutes from midnight; it may go over midnight. */
export interface UpkeepWindow {
  readonly from: number;
  readonly to: number;
}

const FORM = /^([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-3]):([0-5]\d)$/;

/** @param text `02:00-06:00` @throws ArchiveError CONFIG_INVALID */
export function parseUpkeepWindow(text: string): UpkeepWindow {
  const [, ...parts] = FORM.exec(text) ?? [];
  const [fromHour = NaN, fromMinute = NaN, toHour = NaN, toMinute = NaN] = parts.map(Number);
  const window = { from: fromHour * 60 + fromMinute, to: toHour * 60 + toMinute };
  if (Number.isNaN(window.from + window.to) || window.from === window.to) {
    throw new ArchiveError(
      'CONFIG_INVALID',
      'A window is two different times of day, as in 02:00-06:00.',
    );
  }
  return window;
}

export function isInWindow({ from, to }: UpkeepWindow, now: Date, timeZone: string): boolean {
  const time = new Intl.DateTimeFormat('sv-SE', { timeZone, timeStyle: 'short' }).format(now);
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  const at = hour * 60 + minute;
  return from < to ? at >= from && at < to : at >= from || at < to;
}
