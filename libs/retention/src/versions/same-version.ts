import { compareDigits, compareDotted, isDigits } from './compare-versions.js';

/** What tells a version of an app from its others. */
export interface VersionIdentity {
  readonly version?: string | undefined;
  readonly build?: string | undefined;
  readonly externalVersionId?: string | undefined;
}

/**
 * Whether both are the same version of one app: by the store's number when both have one, else by version, and build
 * when both have one. In doubt yes: it only makes more stay.
 */
export function isSameVersion(a: VersionIdentity, b: VersionIdentity): boolean {
  if (isDigits(a.externalVersionId) && isDigits(b.externalVersionId)) {
    return compareDigits(a.externalVersionId, b.externalVersionId) === 0;
  }
  if (a.version === undefined || b.version === undefined) return false;
  if (compareDotted(a.version, b.version) !== 0) return false;
  return a.build === undefined || b.build === undefined || compareDotted(a.build, b.build) === 0;
}

/** Whether the first came out before the second: by the store's number when both have one, else by version. In doubt no. */
export function isOlderVersion(a: VersionIdentity, b: VersionIdentity): boolean {
  if (isDigits(a.externalVersionId) && isDigits(b.externalVersionId)) {
    return compareDigits(a.externalVersionId, b.externalVersionId) < 0;
  }
  if (a.version === undefined || b.version === undefined) return false;
  return compareDotted(a.version, b.version) < 0;
}
