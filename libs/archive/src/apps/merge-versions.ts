import { compareDotted, isSameVersion } from '@rootcellar/retention';
import type { KeptVersion, SeenVersion, VersionNames } from '../ports/app-catalog.js';
import { versionIdentity } from './version-identity.js';

/** A version of an app with everything that is known of it. */
export interface MergedVersion<Seen extends VersionNames = SeenVersion> extends VersionNames {
  /** Tells it from the app's other versions. */
  readonly identity: string;
  /** Tells it from all others, of other apps too; not for showing. */
  readonly key: string;
  readonly packages: readonly KeptVersion[];
  readonly seen: readonly Seen[];
  /** Other versions shown under the same number of the store: contradictions. */
  readonly alsoShown: readonly string[];
}

/**
 * Puts together what packages and backups say of the versions of apps. What has the same number of the store is one version, and the package
 * says how it is called. Where packages contradict each other, or there is none and backups do, what is shown counts as well. What has no number means
 * the one version it can be, if it can be one only.
 */
export function mergeVersions<Seen extends VersionNames>(
  packages: readonly KeptVersion[],
  seen: readonly Seen[],
): MergedVersion<Seen>[] {
  const numbers = numbersOf(packages, seen);
  const identityOf = namesIdentity(numbers);
  const all = [...packages, ...seen];
  const unsure = new Set(
    all.flatMap((it) => (it.externalVersionId === undefined ? it.bundleId : [])),
  );
  // Only for apps with something that has no number of the store: of the others there is nothing to find.
  const known = distinct(
    all.filter(({ bundleId }) => unsure.has(bundleId)),
    identityOf,
  );
  const candidates = Map.groupBy(known.flatMap(placesOf), ({ place }) => place);
  const keyOf = (it: VersionNames): string => {
    const own = identityOf(it);
    const isSure = it.externalVersionId !== undefined;
    const identity = isSure ? own : meant(it, own, candidates.get(placeOf(it)) ?? []);
    return `${it.bundleId}\0${identity}`;
  };
  const kept = Map.groupBy(packages, keyOf);
  const bySeen = Map.groupBy(seen, keyOf);
  return [...new Set([...kept.keys(), ...bySeen.keys()])].map((key) => {
    const its = one(kept.get(key) ?? [], bySeen.get(key) ?? []);
    const shown = its.externalVersionId === undefined ? undefined : numbers.get(numberKey(its));
    const others = shown?.versions.filter((it) => compareDotted(it, its.version) !== 0) ?? [];
    const identity = key.slice(key.indexOf('\0') + 1);
    return { ...its, key, identity, alsoShown: others.slice(0, ALSO_SHOWN_MAX) };
  });
}

const ALSO_SHOWN_MAX = 10;
type IdentityOf = (it: VersionNames) => string;

interface Names extends VersionNames {
  readonly identity: string;
}

/** What is shown under a number of the store, and whether that is told apart. */
interface Shown {
  readonly versions: readonly string[];
  readonly isDisputed: boolean;
}

function numbersOf(
  packages: readonly VersionNames[],
  seen: readonly VersionNames[],
): ReadonlyMap<string, Shown> {
  const own = Map.groupBy(packages, numberKey);
  return new Map(
    [...Map.groupBy([...packages, ...seen], numberKey)].map(([number, names]) => {
      if (names.length === 1) return [number, UNDISPUTED] as const;
      const versions = shownIn(names);
      const byPackages = shownIn(own.get(number) ?? []);
      const isDisputed = number !== NO_NUMBER && versions.length > 1 && byPackages.length !== 1;
      return [number, { versions, isDisputed }] as const;
    }),
  );
}

/** Who is alone contradicts nobody. */
const UNDISPUTED: Shown = { versions: [], isDisputed: false };
const NO_NUMBER = '';

function numberKey({ bundleId, externalVersionId }: VersionNames): string {
  return externalVersionId === undefined ? NO_NUMBER : `${bundleId}\0${externalVersionId}`;
}

function shownIn(names: readonly VersionNames[]): string[] {
  return [...new Set(names.flatMap(({ version }) => version ?? []))].sort();
}

function namesIdentity(numbers: ReadonlyMap<string, Shown>): IdentityOf {
  return (it) => {
    const isDisputed = numbers.get(numberKey(it))?.isDisputed === true;
    return `${versionIdentity(it)}${isDisputed ? `|${it.version ?? ''}` : ''}`;
  };
}

function distinct(names: readonly VersionNames[], identityOf: IdentityOf): Names[] {
  const all = names.map((it) => ({ ...it, identity: identityOf(it) }));
  return [...new Map(all.map((it) => [`${it.bundleId}\0${it.identity}`, it])).values()];
}

interface Placed extends Names {
  readonly place: string;
}

/** Where others look for it: below what it shows, and below its build. */
function placesOf(it: Names): Placed[] {
  const places = [placeOf(it), placeOf({ ...it, version: undefined })];
  return [...new Set(places)].map((place) => ({ ...it, place }));
}

/** The same for versions that are the same: without zeros that mean nothing. */
function placeOf({ bundleId, version, build }: VersionNames): string {
  if (version === undefined) return `${bundleId}\0build ${build ?? ''}`;
  const parts = version.split('.').map((part) => part.replace(/^0+(?=\d)/, ''));
  while (parts.at(-1) === '0') parts.pop();
  return `${bundleId}\0version ${parts.join('.')}`;
}

/** Of what has no number of the store: the identity of the one version with a number of the store, or with more names, that this can only be; else its own. */
function meant(it: VersionNames, own: string, candidates: readonly Names[]): string {
  const fits = candidates.filter((other) => other.identity !== own && saysMore(other, it));
  const numbered = fits.filter(({ externalVersionId }) => externalVersionId !== undefined);
  const [only, ...more] = numbered.length > 0 ? numbered : fits;
  return only !== undefined && more.length === 0 ? only.identity : own;
}

function saysMore(other: VersionNames, it: VersionNames): boolean {
  if (it.version === undefined)
    return it.build !== undefined && other.version !== undefined && other.build === it.build;
  if (!isSameVersion(other, it)) return false;
  return (
    other.externalVersionId !== undefined || (it.build === undefined && other.build !== undefined)
  );
}

function one<Seen extends VersionNames>(
  packages: readonly KeptVersion[],
  seen: readonly Seen[],
): Omit<MergedVersion<Seen>, 'key' | 'identity' | 'alsoShown'> {
  const all: readonly VersionNames[] = [...packages, ...seen];
  const first = <T>(of: (it: VersionNames) => T | undefined): T | undefined =>
    all.map(of).find((value) => value !== undefined);
  return {
    bundleId: first(({ bundleId }) => bundleId) ?? '',
    version: first(({ version }) => version),
    build: first(({ build }) => build),
    externalVersionId: first(({ externalVersionId }) => externalVersionId),
    ...{ packages, seen },
  };
}
