import { compareDotted } from '@rootcellar/retention';
import type { NamedVersion } from '../ports/rollback-catalog.js';

/**
 * Which of two versions of an app came out first: by the store's numbers where both have one, else by the version shown, else by build. Two
 * that show different versions under one number of the store (metadata that is wrong) go by what they show.
 *
 * @returns negative when the first is older, 0 when they are the same, `undefined` when nobody can say
 */
export function compareNamed(a: NamedVersion, b: NamedVersion): number | undefined {
  const byNumber = compareNumbers(a.externalVersionId, b.externalVersionId);
  if (byNumber !== undefined && byNumber !== 0) return byNumber;
  const byVersion = compareKnown(a.version, b.version);
  if (byVersion !== undefined && byVersion !== 0) return byVersion;
  const byBuild = compareKnown(a.build, b.build);
  // The same number, or the same version, and no word against it.
  if (byNumber === 0 || byVersion === 0) return byBuild ?? 0;
  return byBuild;
}

/** In doubt no. */
export function isOlder(a: NamedVersion, b: NamedVersion): boolean {
  return (compareNamed(a, b) ?? 0) < 0;
}

/** In doubt no. */
export function isSame(a: NamedVersion, b: NamedVersion): boolean {
  return compareNamed(a, b) === 0;
}

/** `3.2 (412)`, or what there is of it. */
export function nameOfVersion({
  version,
  build,
}: Readonly<Record<'version' | 'build', string | null | undefined>>): string {
  if (version === undefined || version === null) return build ?? 'of an unknown version';
  return build === undefined || build === null || build === version
    ? version
    : `${version} (${build})`;
}

function compareNumbers(a: string | undefined, b: string | undefined): number | undefined {
  if (!isNumber(a) || !isNumber(b)) return undefined;
  const difference = BigInt(a) - BigInt(b);
  return difference < 0n ? -1 : Number(difference > 0n);
}

function isNumber(text: string | undefined): text is string {
  return text !== undefined && /^\d{1,20}$/.test(text);
}

function compareKnown(a: string | undefined, b: string | undefined): number | undefined {
  return a === undefined || b === undefined ? undefined : compareDotted(a, b);
}
