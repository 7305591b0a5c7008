import type { AppVersion } from './app-version.js';
import { compareDigits, compareDotted, compareText, isDigits } from './compare-versions.js';

/**
 * The versions of an app, newest first. Those with a number of the store are in its order: two can show the same version, and
 * a shown version can go down. Those without are merged in, each before the first whose version, build, date of adding
 * and id are not greater.
 *
 * Merging, not one comparison for all: by store number where both have one and by version otherwise is no order, since
 * a can be newer than b, b than c and c than a.
 */
export function newestVersionFirst(versions: readonly AppVersion[]): AppVersion[] {
  const isNumbered = ({ externalVersionId }: AppVersion): boolean => isDigits(externalVersionId);
  const numbered = versions.filter(isNumbered).sort((a, b) => byStoreNumber(b, a));
  const others = versions.filter((it) => !isNumbered(it)).sort((a, b) => byVersion(b, a));

  const merged: AppVersion[] = [];
  let next = 0;
  for (const other of others) {
    for (
      let it = numbered[next];
      it !== undefined && byVersion(it, other) > 0;
      it = numbered[next]
    ) {
      merged.push(it);
      next += 1;
    }
    merged.push(other);
  }
  return [...merged, ...numbered.slice(next)];
}

function byStoreNumber(a: AppVersion, b: AppVersion): number {
  return compareDigits(a.externalVersionId ?? '', b.externalVersionId ?? '') || byVersion(a, b);
}

function byVersion(a: AppVersion, b: AppVersion): number {
  return (
    compareDotted(a.version, b.version) ||
    compareDotted(a.build, b.build) ||
    a.addedAt.getTime() - b.addedAt.getTime() ||
    compareText(a.id, b.id)
  );
}
