import { compareDotted, isSameVersion } from '@rootcellar/retention';
import type { KeptVersion, SeenVersion, VersionNames } from '../ports/app-catalog.js';
import { versionIdentity } from './version-identity.js';

/** A version of an app with everything that is known of it. */
export interface MergedVersion<Seen extends VersionNames = SeenVersion> extends VersionNames {
  /** Tells it from all others, of other apps too; not for showing. */
  readonly key: string;
  readonly identity: string;
  readonly packages: readonly KeptVersion[];
  readonly seen: readonly Seen[];
  /** Further versions shown under the same number of the store, or by backups: contradictions. */
  readonly alsoShown: readonly string[];
}

interface Names extends VersionNames {
  readonly identity: string;
}

/**
 * Puts together what packages and backups say of the versions of apps. What has the same number of the store is one version, whatever is
 * shown; the package says how it is called. A backup that gives no number means the kept version it fits, if it fits one only.
 */
export function mergeVersions<Seen extends VersionNames>(
  packages: readonly KeptVersion[],
  seen: readonly Seen[],
): MergedVersion<Seen>[] {
  const kept = Map.groupBy(packages, keyOf);
  const known = Map.groupBy([...packages, ...seen], ({ bundleId }) => bundleId);
  const fitting = new Map(
    [...known].map(([bundleId, names]) => [bundleId, distinct(names)] as const),
  );
  const bySeen = Map.groupBy(seen, (it) => keyOf(meant(it, fitting.get(it.bundleId) ?? [])));
  const keys = new Set([...kept.keys(), ...bySeen.keys()]);
  return [...keys].map((key) => one(key, kept.get(key) ?? [], bySeen.get(key) ?? []));
}

function one<Seen extends VersionNames>(
  key: string,
  packages: readonly KeptVersion[],
  seen: readonly Seen[],
): MergedVersion<Seen> {
  const all: readonly VersionNames[] = [...packages, ...seen];
  const first = <T>(of: (it: VersionNames) => T | undefined): T | undefined =>
    all.map(of).find((value) => value !== undefined);
  const names = {
    bundleId: first(({ bundleId }) => bundleId) ?? '',
    version: first(({ version }) => version),
    build: first(({ build }) => build),
    externalVersionId: first(({ externalVersionId }) => externalVersionId),
  };
  const others = all.flatMap(({ version }) =>
    version === undefined || compareDotted(version, names.version) === 0 ? [] : version,
  );
  return {
    ...{ ...names, key, identity: versionIdentity(names), packages, seen },
    alsoShown: [...new Set(others)].sort().slice(0, ALSO_SHOWN_MAX),
  };
}

const ALSO_SHOWN_MAX = 10;

function distinct(names: readonly VersionNames[]): Names[] {
  const all = names.map((it) => ({ ...it, identity: versionIdentity(it) }));
  return [...new Map(all.map((it) => [it.identity, it])).values()];
}

/** The one version with a number of the store, or with more names, that this can only be; else itself. */
function meant(it: VersionNames, known: readonly Names[]): VersionNames {
  if (it.externalVersionId !== undefined) return it;
  const identity = versionIdentity(it);
  const fits = known.filter((other) => other.identity !== identity && saysMore(other, it));
  const numbered = fits.filter(({ externalVersionId }) => externalVersionId !== undefined);
  const [only, ...more] = numbered.length > 0 ? numbered : fits;
  return only !== undefined && more.length === 0 ? only : it;
}

function saysMore(other: VersionNames, it: VersionNames): boolean {
  if (it.version === undefined)
    return it.build !== undefined && other.version !== undefined && other.build === it.build;
  if (!isSameVersion(other, it)) return false;
  return (
    other.externalVersionId !== undefined || (it.build === undefined && other.build !== undefined)
  );
}

function keyOf(it: VersionNames): string {
  return `${it.bundleId}\0${versionIdentity(it)}`;
}
