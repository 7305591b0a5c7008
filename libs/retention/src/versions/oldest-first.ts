import { compareDigits, compareDotted, compareText, isDigits } from './compare-versions.js';

/** A version of one app, from wherever it is known. */
export interface KnownVersion {
  /** Tells it from the app's other versions. */
  readonly identity: string;
  readonly version?: string | undefined;
  readonly build?: string | undefined;
  readonly externalVersionId?: string | undefined;
  /** When the store says it came out; of many apps every version has the first one's date. */
  readonly releasedAt?: Date | undefined;
  readonly purchasedAt?: Date | undefined;
}

/**
 * The versions of one app, oldest first, whatever order they come in. Those that the store's list names are in its order; those with another
 * number of the store come in before the first of these whose number is greater. All others have no place of their own there: they are put in
 * order by date (of release, else of purchase), then by version, build and identity, and each comes in before the first that is newer by that.
 *
 * Merging, not one comparison for all: by date where both have one and by version otherwise is no order, since a can be older than b, b than c
 * and c than a.
 *
 * @param storeList the store's numbers of the app's versions, oldest first
 */
export function oldestVersionFirst<T extends KnownVersion>(
  versions: readonly T[],
  storeList: readonly string[],
): T[] {
  const place = new Map(storeList.map((id, at) => [id, at]));
  const placeOf = (it: T): number => place.get(it.externalVersionId ?? '') ?? -1;
  const listed = versions.filter((it) => placeOf(it) >= 0);
  const numbered = versions.filter((it) => placeOf(it) < 0 && isDigits(it.externalVersionId));
  const others = versions.filter((it) => placeOf(it) < 0 && !isDigits(it.externalVersionId));
  const dated = others.filter((it) => dateOf(it) !== undefined);
  const dateless = others.filter((it) => dateOf(it) === undefined);

  const byStore = merged(
    listed.toSorted((a, b) => placeOf(a) - placeOf(b) || byVersion(a, b)),
    numbered.toSorted((a, b) => byNumber(a, b) || byVersion(a, b)),
    byNumber,
  );
  const withDates = merged(byStore, dated.toSorted(byDate), byDate);
  return merged(withDates, dateless.toSorted(byVersion), byVersion);
}

/** Each of `others`, in their order, before the first of `into` behind the last one that is greater. */
function merged<T>(into: readonly T[], others: readonly T[], compare: (a: T, b: T) => number): T[] {
  const result: T[] = [];
  let next = 0;
  for (const other of others) {
    for (let it = into[next]; it !== undefined && compare(it, other) <= 0; it = into[next]) {
      result.push(it);
      next += 1;
    }
    result.push(other);
  }
  return [...result, ...into.slice(next)];
}

function byNumber(a: KnownVersion, b: KnownVersion): number {
  return compareDigits(a.externalVersionId ?? '', b.externalVersionId ?? '');
}

function byDate(a: KnownVersion, b: KnownVersion): number {
  const [left, right] = [dateOf(a), dateOf(b)];
  const order = left === undefined || right === undefined ? 0 : left.getTime() - right.getTime();
  return order || byVersion(a, b);
}

function dateOf({ releasedAt, purchasedAt }: KnownVersion): Date | undefined {
  return releasedAt ?? purchasedAt;
}

function byVersion(a: KnownVersion, b: KnownVersion): number {
  return (
    compareDotted(a.version, b.version) ||
    compareDotted(a.build, b.build) ||
    compareText(a.identity, b.identity)
  );
}
