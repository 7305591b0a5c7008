import type { SnapshotItem } from '../items.js';
import { effectiveSnapshotRules } from '../policy/effective-rules.js';
import type { HouseholdPolicy } from '../policy/household-policy.js';
import { isYoungerThan } from '../policy/younger-than.js';
import { createReasonLog } from '../reason-log.js';
import type { ReasonLog } from '../reason-log.js';
import type { Verdict } from '../verdict.js';
import { keepByRules } from './keep-by-rules.js';
import type { LocalPeriods } from './local-periods.js';
import { newestSnapshotFirst, snapshotTime } from './snapshot-time.js';

interface Context {
  readonly policy: HouseholdPolicy;
  readonly now: Date;
  readonly periods: LocalPeriods;
}

/** What floor and rules say of every snapshot, before the budget; any devices, any order. */
export function decideSnapshots(
  items: readonly SnapshotItem[],
  context: Context,
): ReadonlyMap<SnapshotItem, Verdict> {
  const lines = Map.groupBy(items, ({ deviceId, line = '' }) => `${deviceId} ${line}`);
  return new Map(
    [...lines.values()].flatMap((its) =>
      decideDevice(its[0]?.deviceId ?? '', its.toSorted(newestSnapshotFirst), context),
    ),
  );
}

function decideDevice(
  deviceId: string,
  newestFirst: readonly SnapshotItem[],
  { policy, now, periods }: Context,
): (readonly [SnapshotItem, Verdict])[] {
  const log = createReasonLog<SnapshotItem>();
  noteProtection(newestFirst, { span: policy.minimumKeep ?? '0d', now, log });
  // Only what even the budget respects is noted so far.
  const protectedItems = new Set(newestFirst.filter((item) => log.of(item).length > 0));

  for (const item of newestFirst) {
    if (item.complete) break;
    log.note(item, { code: 'incomplete-newest' });
  }
  const rules = effectiveSnapshotRules(policy, deviceId);
  if (rules === undefined) {
    for (const item of newestFirst) log.note(item, { code: 'no-policy' });
  } else {
    const unpinned = newestFirst.filter(({ pinned }) => !pinned);
    keepByRules(unpinned, rules, { now, periods, log });
  }

  return newestFirst.map((item) => [
    item,
    {
      reasons: log.of(item),
      isProtected: protectedItems.has(item),
      otherwise: item.complete ? 'no-rule' : 'superseded-incomplete',
      date: snapshotTime(item),
    },
  ]);
}

function noteProtection(
  newestFirst: readonly SnapshotItem[],
  how: { readonly span: string; readonly now: Date; readonly log: ReasonLog<SnapshotItem> },
): void {
  const { span, now, log } = how;
  const floor = newestFirst.find(({ complete }) => complete);
  for (const item of newestFirst) {
    if (item.pinned) log.note(item, { code: 'pinned' });
    if (item === floor) log.note(item, { code: 'newest-complete' });
    if (isYoungerThan(item.storedAt, span, now)) {
      log.note(item, { code: 'minimum-keep', span, from: 'household' });
    }
  }
}
