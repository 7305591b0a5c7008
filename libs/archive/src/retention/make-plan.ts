import { newId } from '@rootcellar/model';
import type { Clock, DeviceId, PlanId, RootId } from '@rootcellar/model';
import { confirmationsNeeded, explainReason, planRetention } from '@rootcellar/retention';
import type {
  HouseholdPolicy,
  ItemDecision,
  RetentionDecision,
  SpaceLedger,
} from '@rootcellar/retention';
import { ChunkCover } from '@rootcellar/vault';
import type { ArtifactRoot, Inventory, KeptRoot, SnapshotRoot } from '../ports/space-catalog.js';
import type { Space } from '../space/household-spaces.js';
import { subjectOf } from '../space/root-subject.js';
import { isPrivatePackage } from '../people/may.js';
import { planGroups } from './plan-groups.js';
import type { PlanItem, RetentionPlan } from './retention-plan.js';

export interface PlanRequest {
  readonly policy: HouseholdPolicy;
  readonly saved: boolean;
  readonly household: { readonly name: string; readonly timeZone: string };
  /** Seconds a condemned pack waits before it is deleted. */
  readonly graceSeconds: number;
  /** The household's quota: a budget above it counts as it. */
  readonly quotaBytes?: number | undefined;
}

const DAY_MS = 86_400_000;
export const BIN_DAYS = 7;

/** What the policy does to what is there now. Changes nothing. */
export function makePlan(space: Space, request: PlanRequest, clock: Clock): RetentionPlan {
  const { policy, saved, household, graceSeconds } = request;
  const now = clock.now();
  const visible = space.inventory.roots.filter(({ bin }) => bin === undefined);
  // Rules leave alone what somebody keeps for themselves, and plans do not name it: it only takes room.
  const [apart, planned] = [
    visible.filter(isPrivatePackage),
    visible.filter((root) => !isPrivatePackage(root)),
  ];
  const roots = planned.toSorted((a, b) => dateOf(a).getTime() - dateOf(b).getTime());
  const { ledger, cover } = openLedger(space);
  for (const { id } of apart) ledger.keep(id);
  const decision = decide(space.inventory, roots, {
    policy: withinQuota(policy, request.quotaBytes),
    now,
    timeZone: household.timeZone,
    ledger,
  });
  const decisions = new Map(decision.items.map((item) => [item.id, item]));
  const removed = roots.filter(({ id }) => decisions.get(id)?.keep === false);
  for (const { id } of roots) if (decisions.get(id)?.keep !== false) ledger.keep(id);
  const neededAfterBytes = cover.bytes;
  const groups = planGroups(space, { roots, removed, cover });
  const freed = freedInOrder(space, removed, cover);
  const neededBytes = cover.bytes;
  const items = roots.map((root) =>
    toItem(root, decisions.get(root.id), {
      name: subjectOf(root, household.timeZone),
      bytes: space.bytesOf(root),
      freedBytes: freed.get(root.id) ?? 0,
    }),
  );
  const undoDays = policy.binDays ?? BIN_DAYS;
  return {
    id: newId<PlanId>(clock),
    madeAt: now.toISOString(),
    ...{ policy, saved, items, neededBytes },
    kept: roots.length - removed.length,
    removed: removed.length,
    freedBytes: neededBytes - neededAfterBytes,
    neededAfterBytes,
    ...groups,
    spaceReturns: new Date(now.getTime() + undoDays * DAY_MS + graceSeconds * 1000).toISOString(),
    ...(decision.budget === undefined
      ? {}
      : { budget: { ...decision.budget, before: neededBytes } }),
    confirmations: confirmationsNeeded({
      items: decision.items,
      removed: new Set(removed.map(({ id }) => id as string)),
      bytesRemoved: neededBytes - neededAfterBytes,
      bytesTotal: neededBytes,
      householdName: household.name,
    }),
  };
}

/** A budget promises to stay below it: the quota is where the household has to stay. Without a budget nothing is removed for space. */
function withinQuota(policy: HouseholdPolicy, quotaBytes: number | undefined): HouseholdPolicy {
  return policy.budget === undefined || quotaBytes === undefined || quotaBytes >= policy.budget
    ? policy
    : { ...policy, budget: quotaBytes };
}

function toItem(
  root: KeptRoot,
  made: ItemDecision | undefined,
  sizes: { readonly name: string; readonly bytes: number; readonly freedBytes: number },
): PlanItem {
  return {
    id: root.id,
    kind: root.kind,
    ...(root.kind === 'snapshot' ? { deviceId: root.deviceId } : { bundleId: root.bundleId }),
    memberId: root.memberId,
    date: dateOf(root).toISOString(),
    ...sizes,
    keep: made?.keep ?? true,
    reasons: (made?.reasons ?? []).map((reason) => ({ ...reason, text: explainReason(reason) })),
    ...(made?.removedBy === undefined ? {} : { removedBy: made.removedBy }),
  };
}

function decide(
  inventory: Inventory,
  roots: readonly KeptRoot[],
  how: {
    readonly policy: HouseholdPolicy;
    readonly now: Date;
    readonly timeZone: string;
    readonly ledger: SpaceLedger;
  },
): RetentionDecision {
  const snapshots = roots.filter((root) => root.kind === 'snapshot');
  const versions = roots.filter((root) => root.kind === 'artifact');
  return planRetention({
    ...how,
    snapshots: snapshots.map((root) => ({
      ...root,
      deviceId: newestOf(inventory, root.deviceId),
      line: root.householdWide ? 'household' : root.memberId,
    })),
    versions: versions.map((root) => ({ ...root, addedAt: root.storedAt })),
    devices: inventory.devices,
    apps: inventory.apps.map(({ bundleId, subscriptionFrom }) => ({
      bundleId,
      ...(subscriptionFrom === undefined
        ? {}
        : { subscriptionFrom: subscriptionOf(subscriptionFrom) }),
    })),
  });
}

/** The device that continues this one, and the one that continues that: their snapshots are counted as one device's. */
function newestOf({ devices }: Inventory, id: DeviceId): DeviceId {
  const seen = new Set<DeviceId>();
  for (let newest = id; ;) {
    seen.add(newest);
    const next = devices.find(({ successorOf }) => successorOf === newest);
    if (next === undefined || seen.has(next.id)) return newest;
    newest = next.id;
  }
}

/** A store number has digits only, and more of them than any version has before its first dot. */
export function subscriptionOf(from: string): { externalVersionId: string } | { version: string } {
  return /^\d{6,}$/.test(from) ? { externalVersionId: from } : { version: from };
}

/** A ledger of nothing, and what it is kept in. What is kept twice counts once. */
function openLedger(space: Space): { readonly ledger: SpaceLedger; readonly cover: ChunkCover } {
  const cover = new ChunkCover(space.weights);
  const kept = new Set<string>();
  const setOf = (id: string): Uint8Array => space.setOf({ id: id as RootId });
  const ledger: SpaceLedger = {
    get bytes() {
      return cover.bytes;
    },
    cost: (id, most) => cover.lackedBytes(setOf(id), most),
    keep(id) {
      if (!kept.has(id)) cover.add(setOf(id));
      kept.add(id);
    },
  };
  return { ledger, cover };
}

/**
 * What each removed root frees after those before it; together it is what all of them free. Told from the other end: what each takes that
 * comes back after those behind it.
 * @param cover of what stays; in the end of everything
 */
function freedInOrder(
  space: Space,
  removed: readonly KeptRoot[],
  cover: ChunkCover,
): ReadonlyMap<RootId, number> {
  return new Map(removed.toReversed().map((root) => [root.id, cover.add(space.setOf(root))]));
}

function dateOf(root: SnapshotRoot | ArtifactRoot): Date {
  return root.kind === 'snapshot' ? root.takenAt : root.storedAt;
}
