import type { InstallVerdict } from '@rootcellar/ios';
import type { Blocking, RollbackPlanContent, Said, Warning } from './rollback-plan.js';
import { nameOfVersion } from './version-order.js';

/** What remarks are made of. */
export interface PlannedFacts extends Pick<
  RollbackPlanContent,
  'installed' | 'target' | 'data' | 'lockedData'
> {
  readonly installability: InstallVerdict | null;
  readonly hasBackup: boolean;
  readonly now: Date;
  /** The version to go back to is on the device already, or is newer than what is. */
  readonly compared: 'older' | 'same' | 'newer' | 'unknown';
  readonly groupsOfNobody: readonly string[];
  readonly groupsShared: readonly string[];
  readonly sinfOfOtherVersion: boolean;
}

const DAY_MS = 86_400_000;
const FRESH_DAYS = 1;
const GROUPS_MAX = 5;

/** Why nothing can be done before that has changed. */
export function blockingReasons({
  hasBackup,
  target,
  installability,
}: PlannedFacts): Said<Blocking>[] {
  const reasons: Said<Blocking>[] = [];
  if (!hasBackup)
    reasons.push({
      code: 'no-backup',
      text: 'There is no backup of this device that you can read: nobody knows what runs on it, and there is no data. Make one and push it.',
    });
  if (target === null)
    reasons.push({
      code: 'no-package',
      text: 'No package of an older version of this app is kept. `rootcellar app add` keeps one; iOS gives none back.',
    });
  if (installability?.installs === 'no') {
    const why = installability.checks
      .filter(({ verdict }) => verdict === 'no')
      .map(({ reason }) => reason)
      .join(' ');
    reasons.push({ code: 'not-installable', text: `The device refuses this package. ${why}` });
  }
  return reasons;
}

/** What should be known before, the weightiest first. */
export function warningsOf(facts: PlannedFacts): Said<Warning>[] {
  return [...ofTheBackup(facts), ...ofTheVersion(facts), ...ofTheData(facts)];
}

function ofTheVersion(facts: PlannedFacts): Said<Warning>[] {
  const { target, compared, installability, installed } = facts;
  if (target === null) return [];
  const version = nameOfVersion(target);
  return [
    ...say(
      compared === 'same',
      'installed-already',
      `Version ${version} is on the device already, as its newest backup says: only the data goes back.`,
    ),
    ...say(
      compared === 'newer',
      'asked-is-newer',
      `Version ${version} is newer than what is on the device: this is an update, and no way back.`,
    ),
    ...say(
      compared === 'unknown' && installed !== null,
      'installed-unknown',
      'Nobody can say whether the package is older than what is on the device: one of both names no version that can be compared.',
    ),
    ...say(
      installability?.installs === 'unknown',
      'install-unknown',
      `Whether the device takes it cannot be said for certain. ${reasonsOf(installability, 'unknown')}`,
    ),
    ...say(
      facts.sinfOfOtherVersion,
      'sinf-of-other-version',
      'The buyer’s rights (sinf) come from a backup in which another version was installed; whether the device takes them for this one, nobody has confirmed.',
    ),
    ...say(
      installed?.onDevice === false,
      'not-on-device',
      'The newest backup does not list the app: it was deleted since. Installed anew it begins with the data that is put back.',
    ),
  ];
}

function ofTheData({
  target,
  data,
  lockedData,
  installed,
  groupsOfNobody,
  groupsShared,
}: PlannedFacts): Said<Warning>[] {
  if (target === null) return [];
  const days =
    data === null || installed === null ? 0 : daysBetween(data.takenAt, installed.takenAt);
  return [
    ...say(
      data === null,
      'no-data',
      'No backup that can be looked into was made while this version or an older one was installed. The data stays as it is on the device; whether the old version reads it, only trying it shows.',
    ),
    ...say(
      lockedData !== null,
      'data-locked',
      `${data === null ? 'There is' : 'There is also a newer'} backup of that time, but it is encrypted: nobody can look into it here, neither at files nor at databases. It can be restored whole, by the device or Finder, with its password.`,
    ),
    ...say(
      data?.complete === false,
      'data-incomplete',
      'Files were missing or damaged when the backup with the data was pushed; perhaps some of this app.',
    ),
    ...say(
      data?.sameVersion === false,
      'data-of-older-version',
      `The data is of version ${data === null ? '' : nameOfVersion(data.installed)}, which is older; newer versions of an app are made to read such data.`,
    ),
    ...say(
      days >= 1,
      'data-not-recent',
      `The data is ${days === 1 ? 'a day' : `${String(days)} days`} older than the newest backup: what was written in between is not in it.`,
    ),
    ...say(
      data !== null,
      'keychain',
      'What an app keeps in the keychain (passwords, sign-ins) is not in this data; you may have to sign in again.',
    ),
    ...say(
      groupsShared.length > 0,
      'groups-shared',
      `The app also keeps data in ${groupsShared.slice(0, GROUPS_MAX).join(', ')}, as its package says. Other apps of the same maker may use that, too: what they keep there goes back with it.`,
    ),
    ...say(
      groupsOfNobody.length > 0,
      'groups-of-nobody',
      `The backup has app groups of which nobody can say whose they are: ${groupsOfNobody.slice(0, GROUPS_MAX).join(', ')}${groupsOfNobody.length > GROUPS_MAX ? ', …' : ''}. If the app keeps data there, take it out with \`rootcellar restore --domain\`.`,
    ),
  ];
}

function ofTheBackup({ installed, now }: PlannedFacts): Said<Warning>[] {
  if (installed === null) return [];
  const days = daysBetween(installed.takenAt, now);
  return [
    ...say(
      installed.encrypted,
      'newest-encrypted',
      'The newest backup is encrypted: how the data looks now cannot be seen.',
    ),
    ...say(
      days > FRESH_DAYS,
      'backup-old',
      `The newest backup is ${String(days)} days old; what is on the device now may be another version. A fresh backup comes first, and then a new plan.`,
    ),
  ];
}

function say(holds: boolean, code: Warning, text: string): Said<Warning>[] {
  return holds ? [{ code, text }] : [];
}

function reasonsOf(verdict: InstallVerdict | null, kind: 'unknown' | 'no'): string {
  return (verdict?.checks ?? [])
    .filter((check) => check.verdict === kind)
    .map(({ reason }) => reason)
    .join(' ');
}

function daysBetween(from: Date, to: Date): number {
  return Math.floor((to.getTime() - from.getTime()) / DAY_MS);
}
