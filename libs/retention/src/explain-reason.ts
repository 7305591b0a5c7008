import type { Reason, ReasonCode } from './decision.js';
import { describeDuration } from './policy/duration.js';

type NameOfDevice = (deviceId: string) => string | undefined;

/**
 * One short line of English: `3rd of 7 daily (2026-11-25)`, `pinned`, `an iPad runs it`.
 *
 * @param nameOfDevice gives devices the names people gave them; undefined for those that must stay unnamed
 */
export function explainReason(
  reason: Reason,
  nameOfDevice: NameOfDevice = () => undefined,
): string {
  return EXPLAIN[reason.code](reason, nameOfDevice);
}

const EXPLAIN: Readonly<Record<ReasonCode, (reason: Reason, nameOf: NameOfDevice) => string>> = {
  pinned: () => 'pinned',
  'newest-complete': () => 'newest complete backup of this device',
  'incomplete-newest': () => 'incomplete, but no complete backup is newer',
  'on-device': (reason, nameOf) => `${device(reason, nameOf)} runs it`,
  held: (reason, nameOf) => `held on ${device(reason, nameOf)}`,
  'minimum-keep': ({ span }) => `stored less than ${describeDuration(span ?? '0d')} ago`,
  'no-policy': () => 'no rule was written for it',
  within: ({ span }) => `within ${describeDuration(span ?? '0d')}`,
  last: (reason) => `${place(reason)} newest`,
  hourly: periodic,
  daily: periodic,
  weekly: periodic,
  monthly: periodic,
  yearly: periodic,
  'last-per-major': (reason) =>
    `${place(reason)} newest of ${reason.major === '' ? 'those without a version' : `version ${reason.major ?? ''}`}`,
  'before-subscription': () => 'newest version before the subscription',
  runnable: (reason, nameOf) => `newest version that ${device(reason, nameOf)} can run`,
};

function periodic(reason: Reason): string {
  return `${place(reason)} ${reason.code} (${reason.period ?? ''})`;
}

function device({ deviceId, deviceKind = 'device' }: Reason, nameOf: NameOfDevice): string {
  const name = deviceId === undefined ? undefined : nameOf(deviceId);
  return name ?? `${/^[aeiou]/i.test(deviceKind) ? 'an' : 'a'} ${deviceKind}`;
}

/** `3rd of 7` */
function place({ count = 0, of = 0 }: Reason): string {
  return `${ordinal(count)} of ${of}`;
}

function ordinal(count: number): string {
  const isTeen = count % 100 >= 11 && count % 100 <= 13;
  const suffix = isTeen ? undefined : ['th', 'st', 'nd', 'rd'][count % 10];
  return `${count}${suffix ?? 'th'}`;
}
