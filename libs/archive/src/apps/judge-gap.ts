import { compareDigits, compareDotted, isDigits } from '@rootcellar/retention';
import type { VersionNames } from '../ports/app-catalog.js';

/**
 * What is missing of a version without a package. `about-to-be-lost`: a device has it now and the store has a newer one, so the next update
 * takes it away. `seen`: it was seen installed, or is now and there is no newer one. `data`: no device has it any more, and backups that are kept hold its data.
 */
export type GapKind = 'about-to-be-lost' | 'seen' | 'data';

export interface Gap {
  readonly kind: GapKind;
  /** One sentence: what to do next. */
  readonly next: string;
}

/** What is known of a version of which no package is kept. */
export interface UnkeptVersion extends Omit<VersionNames, 'bundleId'> {
  /** Names of the devices that have it now. */
  readonly installedOn: readonly string[];
  /** Snapshots with its data in which nothing was missing. */
  readonly wholeSnapshots: number;
  /** Undefined: nothing says where it came from. */
  readonly fromStore: boolean | undefined;
  /** The newest version of the app that anything tells of. */
  readonly newest: Omit<VersionNames, 'bundleId'> | undefined;
}

export function judgeGap(version: UnkeptVersion): Gap {
  const kind = kindOf(version);
  return { kind, next: NEXT[kind](version, source(version)) };
}

function kindOf(version: UnkeptVersion): GapKind {
  if (version.installedOn.length > 0) {
    return version.newest !== undefined && isNewer(version.newest, version)
      ? 'about-to-be-lost'
      : 'seen';
  }
  return version.wholeSnapshots > 0 ? 'data' : 'seen';
}

/** By the store's number when both have one, else by version. In doubt no. */
export function isNewer(
  a: Omit<VersionNames, 'bundleId'>,
  b: Omit<VersionNames, 'bundleId'>,
): boolean {
  if (isDigits(a.externalVersionId) && isDigits(b.externalVersionId))
    return compareDigits(a.externalVersionId, b.externalVersionId) > 0;
  if (a.version === undefined || b.version === undefined) return false;
  return compareDotted(a.version, b.version) > 0;
}

const NEXT: Readonly<Record<GapKind, (version: UnkeptVersion, source: string) => string>> = {
  'about-to-be-lost': ({ installedOn }, source) =>
    `Do not update the app on ${named(installedOn)} before its package is kept: ${source}.`,
  seen: ({ installedOn }, source) =>
    installedOn.length > 0
      ? `Keep its package while ${named(installedOn)} still ${installedOn.length > 1 ? 'have' : 'has'} it: ${source}.`
      : `Keep its package if you want to go back to it: ${source}.`,
  data: ({ wholeSnapshots }, source) =>
    `Its data is in ${wholeSnapshots === 1 ? 'one backup' : `${String(wholeSnapshots)} backups`}, and without its package no device can open it as it was: ${source}.`,
};

const ADD = 'and add it with `rootcellar app add <file>`';

function source({ fromStore, externalVersionId }: UnkeptVersion): string {
  if (externalVersionId !== undefined)
    return `fetch the version with the store's number ${externalVersionId} with the Apple ID that bought it, or find its .ipa in an old library of iTunes or iMazing, ${ADD}`;
  return fromStore === false
    ? `it did not come from the App Store, so ask who built it for the .ipa ${ADD}`
    : `find its .ipa in an old library of iTunes or iMazing ${ADD}`;
}

function named(devices: readonly string[]): string {
  const [first = 'the device', ...others] = devices;
  if (others.length === 0) return first;
  const last = others.at(-1) ?? '';
  return `${[first, ...others.slice(0, -1)].join(', ')} and ${last}`;
}
