import { isOlderVersion, oldestVersionFirst } from '@rootcellar/retention';
import type { AppLink, StoreOrder } from '../ports/app-catalog.js';
import type { MergedVersion } from './merge-versions.js';

/** A merged version with the dates it is put in order by. */
export interface DatedVersion extends MergedVersion {
  readonly releasedAt: Date | undefined;
  readonly purchasedAt: Date | undefined;
}

/** All versions of an app and of those it is linked with, oldest first. What goes on under another bundle id comes before what it became. */
export function orderTimeline(
  versions: readonly MergedVersion[],
  {
    bundleIds,
    storeLists,
  }: { readonly bundleIds: readonly string[]; readonly storeLists: readonly StoreOrder[] },
): DatedVersion[] {
  const byApp = Map.groupBy(versions, ({ bundleId }) => bundleId);
  return bundleIds.flatMap((bundleId) => {
    const list = storeLists.find((it) => it.bundleId === bundleId)?.ids ?? [];
    return oldestVersionFirst((byApp.get(bundleId) ?? []).map(dated), list);
  });
}

/** The bundle ids that are one app with this one, oldest first: what it went on as comes behind it. A circle ends where it began. */
export function linkedBundleIds(bundleId: string, links: readonly AppLink[]): string[] {
  const onward = new Map(links.map((link) => [link.bundleId, link.to]));
  const back = Map.groupBy(links, ({ to }) => to);
  const found = new Set([bundleId]);
  for (const id of found) {
    const next = onward.get(id);
    if (next !== undefined) found.add(next);
    for (const link of back.get(id) ?? []) found.add(link.bundleId);
  }
  const stepsLeft = (from: string): number => {
    const seen = new Set<string>();
    for (let id: string | undefined = from; id !== undefined && !seen.has(id); id = onward.get(id))
      seen.add(id);
    return seen.size;
  };
  return [...found].sort((a, b) => stepsLeft(b) - stepsLeft(a) || (a < b ? -1 : 1));
}

export type SubscriptionPlace = 'before' | 'from-here' | 'after';

/**
 * How each version stands to the first that wants a subscription.
 * @param oldestFirst as `orderTimeline` gives them
 * @param subscriptions the first such version of each app: its number of the store, or the version shown
 */
export function placeBySubscription(
  oldestFirst: readonly DatedVersion[],
  subscriptions: ReadonlyMap<string, string>,
): ReadonlyMap<string, SubscriptionPlace> {
  const from = oldestFirst.map(({ bundleId }) => bundleId).find((id) => subscriptions.has(id));
  const says = from === undefined ? undefined : subscriptions.get(from);
  if (from === undefined || says === undefined) return new Map();
  const first = /^\d{6,}$/.test(says) ? { externalVersionId: says } : { version: says };
  const its = oldestFirst.findIndex((it) => it.bundleId === from);
  const isFirst = (it: DatedVersion): boolean =>
    it.bundleId === from && (it.externalVersionId === says || it.version === says);
  const exact = oldestFirst.findIndex(isFirst);
  return new Map(
    oldestFirst.map((it, at) => {
      if (exact >= 0) return [it.key, at < exact ? 'before' : at === exact ? 'from-here' : 'after'];
      if (it.bundleId !== from) return [it.key, at < its ? 'before' : 'after'];
      return [it.key, isOlderVersion(it, first) ? 'before' : 'after'];
    }),
  );
}

function dated(version: MergedVersion): DatedVersion {
  const all = [...version.packages, ...version.seen];
  return {
    ...version,
    releasedAt: earliest(all.map(({ releasedAt }) => releasedAt)),
    purchasedAt: earliest(all.map(({ purchasedAt }) => purchasedAt)),
  };
}

function earliest(dates: readonly (Date | undefined)[]): Date | undefined {
  return dates.reduce(
    (first, date) => (first === undefined || (date !== undefined && date < first) ? date : first),
    undefined,
  );
}
