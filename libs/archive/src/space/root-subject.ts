import type { KeptRoot } from '../ports/space-catalog.js';

/** What a root is called in front of people of the household `timeZone` is of. */
export function subjectOf(root: KeptRoot, timeZone: string): string {
  return root.kind === 'snapshot'
    ? `${root.deviceName}, ${localMinute(root.takenAt, timeZone)}`
    : `${root.appName} ${root.version ?? root.build ?? ''}`.trim();
}

/** `2026-11-25 21:04` */
function localMinute(at: Date, timeZone: string): string {
  let format = minutes.get(timeZone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat('sv-SE', {
      ...{ timeZone, dateStyle: 'short', timeStyle: 'short' },
    });
    minutes.set(timeZone, format);
  }
  return format.format(at);
}

/** By time zone. To make one takes longer than to use it a hundred times. */
const minutes = new Map<string, Intl.DateTimeFormat>();

/** `2026-11-25`, the household's day. */
export function localDay(at: Date, timeZone: string): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);
}
