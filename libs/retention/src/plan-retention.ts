import { ArchiveError } from '@rootcellar/model';
import { evictToFit } from './budget/evict-to-fit.js';
import type { SpaceLedger } from './budget/space-ledger.js';
import type { ItemDecision, RetentionDecision } from './decision.js';
import type { AppFacts, DeviceFacts, SnapshotItem, VersionItem } from './items.js';
import type { HouseholdPolicy } from './policy/household-policy.js';
import { decideSnapshots } from './snapshots/decide-snapshots.js';
import { localPeriods } from './snapshots/local-periods.js';
import type { Verdict } from './verdict.js';
import { decideVersions } from './versions/decide-versions.js';

export interface RetentionInput {
  readonly policy: HouseholdPolicy;
  readonly now: Date;
  /** The household's IANA zone: its days, weeks, months begin and end by it. */
  readonly timeZone: string;
  /** Everything that is kept now, of the whole household: the floor of a device is found among these. */
  readonly snapshots: readonly SnapshotItem[];
  readonly versions: readonly VersionItem[];
  readonly devices: readonly DeviceFacts[];
  readonly apps: readonly AppFacts[];
  /** Needed when the policy has a budget, else not touched. With nothing in it yet. */
  readonly ledger?: SpaceLedger;
}

/**
 * Says of every item whether it stays, and why. Removes nothing; the same input gives the same decision.
 *
 * Without a budget, a rule that is added to a section or raised never removes more (the first rule of a kind does: before it,
 * nothing of that kind was removed). With any policy stay: pinned items, each device's newest complete snapshot,
 * versions that devices run, and what was stored less than `minimumKeep` ago.
 *
 * @throws ArchiveError INPUT_INVALID when nobody knows the time zone, or a date is none
 */
export function planRetention(input: RetentionInput): RetentionDecision {
  const { snapshots, versions, policy } = input;
  requireDates(input);
  const periods = localPeriods(input.timeZone);
  const verdicts = new Map<SnapshotItem | VersionItem, Verdict>([
    ...decideSnapshots(snapshots, { ...input, periods }),
    ...decideVersions(versions, input),
  ]);
  const outcome = policy.budget === undefined ? undefined : applyBudget(verdicts, input);

  const decide = (item: SnapshotItem | VersionItem, group: string): Omit<ItemDecision, 'kind'> => {
    const verdict = verdicts.get(item);
    if (verdict === undefined) throw new Error('An item was not decided.');
    const { reasons, otherwise } = verdict;
    const base = { id: item.id, group, reasons };
    if (reasons.length === 0) return { ...base, keep: false, removedBy: otherwise };
    if (outcome?.evicted.has(item) === true) return { ...base, keep: false, removedBy: 'budget' };
    return { ...base, keep: true };
  };
  return {
    items: [
      ...snapshots.map((it) => ({ ...decide(it, it.deviceId), kind: 'snapshot' as const })),
      ...versions.map((it) => ({ ...decide(it, it.bundleId), kind: 'version' as const })),
    ],
    ...(outcome === undefined ? {} : { budget: outcome.budget }),
  };
}

function applyBudget(
  verdicts: ReadonlyMap<SnapshotItem | VersionItem, Verdict>,
  { policy: { budget: limit = Infinity }, ledger }: RetentionInput,
): {
  readonly budget: NonNullable<RetentionDecision['budget']>;
  readonly evicted: ReadonlySet<SnapshotItem | VersionItem>;
} {
  if (ledger === undefined) throw new Error('A policy with a budget needs a ledger.');
  const staying = [...verdicts].filter(([, { reasons }]) => reasons.length > 0);
  for (const [{ id }, { isProtected }] of staying) if (isProtected) ledger.keep(id);
  const candidates = staying
    .filter(([, { isProtected }]) => !isProtected)
    .map(([item, { reasons, date }]) => ({ id: item.id, reasons: reasons.length, date, item }));
  const evicted = evictToFit(candidates, ledger, limit);
  return {
    budget: { limit, after: ledger.bytes, fits: ledger.bytes <= limit },
    evicted: new Set([...evicted].map(({ item }) => item)),
  };
}

/** A date that is none compares with nothing: the order, and with it what stays, would be chance. */
function requireDates({ now, snapshots, versions }: RetentionInput): void {
  const dates = [
    now,
    ...snapshots.flatMap(({ takenAt, storedAt }) => [takenAt, storedAt]),
    ...versions.map(({ addedAt }) => addedAt),
  ];
  if (dates.some((date) => Number.isNaN(date.getTime()))) {
    throw new ArchiveError('INPUT_INVALID', 'An item or the present has no valid date.');
  }
}
