import { isDeepStrictEqual } from 'node:util';
import { ArchiveError } from '@rootcellar/model';
import type { Clock, HouseholdId, MemberId, PlanId, RootId } from '@rootcellar/model';
import { parsePolicy } from '@rootcellar/retention';
import type { HouseholdPolicy } from '@rootcellar/retention';
import { doerOf } from '../people/origin-of.js';
import type { Doer } from '../ports/audit-trail.js';
import type { BinCatalog } from '../ports/bin-catalog.js';
import type { Actor } from '../ports/people-catalog.js';
import type { QuotaCatalog } from '../ports/quota-catalog.js';
import type { RetentionCatalog, Upkeep } from '../ports/retention-catalog.js';
import type { HouseholdSpaces } from '../space/household-spaces.js';
import type { Inventory } from '../ports/space-catalog.js';
import { administratorOnly } from '../people/administrator-only.js';
import { maySee, requireMayRemove } from '../people/may.js';
import { requireConfirmation } from '../bin/require-confirmation.js';
import { BIN_DAYS, makePlan } from './make-plan.js';
import { itemsFor } from './plan-for.js';
import { effectivePolicy } from './effective-policy.js';
import type { EffectivePolicy } from './effective-policy.js';
import type { PlanItem, RetentionPlan } from './retention-plan.js';

export interface RetentionParts {
  readonly retention: RetentionCatalog;
  readonly bin: BinCatalog;
  readonly spaces: HouseholdSpaces;
  readonly quotas: Pick<QuotaCatalog, 'quotas'>;
  readonly clock: Clock;
  /** Seconds a condemned pack waits before it is deleted. */
  readonly graceSeconds: number;
}

export interface RetentionView {
  /** As it was set; without one nothing is removed. */
  readonly policy: HouseholdPolicy | undefined;
  readonly effective: EffectivePolicy | undefined;
  readonly upkeep: Upkeep;
}

export interface AppliedPlan {
  readonly planId: PlanId;
  /** What went to the bin. */
  readonly forgotten: readonly PlanItem[];
  /** What the plan would have removed and is left: it changed, or a rule keeps it by now. */
  readonly skipped: readonly { readonly id: RootId; readonly name: string; readonly why: string }[];
  readonly freedBytes: number;
  /** Undo is possible until then. */
  readonly goneAfter: Date;
}

/** Policies, plans, and doing what a plan says. For administrators. */
export class Retention {
  readonly #parts: RetentionParts;

  constructor(parts: RetentionParts) {
    this.#parts = parts;
  }

  /** @throws ArchiveError FORBIDDEN */
  async show(actor: Actor): Promise<RetentionView> {
    administratorOnly(actor);
    const { retention, spaces } = this.#parts;
    const policy = await retention.policy(actor.householdId);
    const upkeep = await retention.upkeep(actor.householdId);
    if (policy === undefined) return { policy, effective: undefined, upkeep };
    const inventory = await spaces.inventory(actor.householdId);
    return { policy, effective: effectivePolicy(policy, named(actor, inventory)), upkeep };
  }

  /**
   * Sets the household's policy, whole. Nothing is removed by that.
   * @throws ArchiveError FORBIDDEN, RETENTION_POLICY_INVALID
   */
  async set(actor: Actor, document: unknown): Promise<HouseholdPolicy> {
    administratorOnly(actor);
    const policy = parsePolicy(document);
    const inventory = await this.#parts.spaces.inventory(actor.householdId);
    requireKnownScopes(policy, inventory);
    await this.#parts.retention.setPolicy(actor.householdId, policy, doerOf(actor));
    return policy;
  }

  /**
   * Says since which version an app wants a subscription: the rule `beforeSubscription` keeps the last one before it.
   * @param from the store's number of that version, or the version shown; `undefined` takes it back
   * @throws ArchiveError FORBIDDEN, NOT_FOUND
   */
  async setSubscription(actor: Actor, bundleId: string, from: string | undefined): Promise<void> {
    requireMayRemove(actor);
    const { retention } = this.#parts;
    const inventory = await this.#parts.spaces.inventory(actor.householdId);
    const known = named(actor, inventory).apps.some((app) => app.bundleId === bundleId);
    if (!known || !(await retention.setSubscription(actor.householdId, bundleId, from)))
      throw new ArchiveError('NOT_FOUND', 'The household keeps no version of this app.');
  }

  /**
   * What a policy would do now; the household's own, or one that is not saved. Removes nothing.
   * @throws ArchiveError FORBIDDEN, RETENTION_POLICY_INVALID, RETENTION_NO_POLICY
   */
  async preview(actor: Actor, document?: unknown): Promise<RetentionPlan> {
    administratorOnly(actor);
    const unsaved = document === undefined ? undefined : parsePolicy(document);
    const plan = await this.plan(actor.householdId, actor.memberId, unsaved);
    const { devices } = await this.#parts.spaces.inventory(actor.householdId);
    return { ...plan, items: itemsFor(actor, devices, plan.items) };
  }

  /** As `preview`, for whoever may. */
  async plan(
    householdId: HouseholdId,
    by: MemberId | undefined,
    unsaved?: HouseholdPolicy,
  ): Promise<RetentionPlan> {
    const { retention, spaces, clock, graceSeconds } = this.#parts;
    const saved = await retention.policy(householdId);
    const policy = unsaved ?? saved;
    if (policy === undefined) throw noPolicy();
    const space = await spaces.open(householdId);
    const quotaBytes = (await this.#parts.quotas.quotas(householdId)).household;
    requireKnownScopes(policy, space.inventory);
    const plan = makePlan(
      space,
      {
        ...{ policy, graceSeconds, quotaBytes },
        saved: samePolicy(saved, policy),
        household: await retention.household(householdId),
      },
      clock,
    );
    await retention.savePlan(householdId, plan, by);
    return plan;
  }

  /**
   * Does what a plan says, once. Every item is decided again by what is there now: only what both would remove goes to the bin.
   * @param confirmed names of what {@link RetentionPlan.confirmations} asks for
   * @throws ArchiveError FORBIDDEN, NOT_FOUND, PLAN_OUTDATED, CONFIRMATION_NEEDED
   */
  async apply(actor: Actor, planId: PlanId, confirmed: readonly string[]): Promise<AppliedPlan> {
    administratorOnly(actor);
    const applied = await this.execute(actor.householdId, planId, {
      ...doerOf(actor),
      as: actor,
      confirmed,
    });
    // Somebody looked: what had stopped removal by itself is settled.
    const now = this.#parts.clock.now();
    await this.#parts.retention.noteUpkeep(actor.householdId, { seenAt: now, alert: null });
    return applied;
  }

  /** As `apply`, for whoever may. Without a member it is the rules that do it. */
  async execute(
    householdId: HouseholdId,
    planId: PlanId,
    by: Partial<Doer> & {
      /** Who is answered. */
      readonly as?: Actor;
      readonly confirmed: readonly string[];
    },
  ): Promise<AppliedPlan> {
    const { retention, bin, spaces, clock, graceSeconds } = this.#parts;
    const found = await retention.findPlan(householdId, planId);
    if (found === undefined) {
      throw new ArchiveError(
        'NOT_FOUND',
        'There is no such plan; those not applied are kept for a week.',
      );
    }
    const { plan } = found;
    const policy = await retention.policy(householdId);
    if (found.executed || !samePolicy(policy, plan.policy)) throw outdated(found);
    const household = await retention.household(householdId);
    const quotaBytes = (await this.#parts.quotas.quotas(householdId)).household;
    const request = { policy: plan.policy, saved: true, household, graceSeconds, quotaBytes };
    const space = await spaces.open(householdId);
    const made = makePlan(space, request, clock);
    const { devices } = space.inventory;
    const fresh =
      by.as === undefined ? made : { ...made, items: itemsFor(by.as, devices, made.items) };
    const { going, skipped } = compare(plan, fresh);
    if (going.length > 0) requireConfirmation(fresh.confirmations, by.confirmed);
    if (!(await retention.markExecuted(householdId, planId))) throw outdated({ executed: true });
    const { forgotten, goneAfter } = await bin.forget(
      householdId,
      going.map(({ id, name, freedBytes, removedBy }) => ({
        ...{ id, subject: name, bytes: freedBytes },
        rule: `retention: ${removedBy ?? 'no-rule'}`,
      })),
      by.memberId === undefined
        ? { rule: 'retention' }
        : { memberId: by.memberId, from: by.from, rule: 'retention' },
      plan.policy.binDays ?? BIN_DAYS,
    );
    const moved = new Set<RootId>(forgotten);
    const done = going.filter(({ id }) => moved.has(id));
    return {
      ...{ planId, forgotten: done, goneAfter },
      skipped: [
        ...skipped,
        ...going
          .filter(({ id }) => !moved.has(id))
          .map(({ id, name }) => ({ id, name, why: 'changed while the plan was applied' })),
      ],
      freedBytes: done.reduce((sum, { freedBytes }) => sum + freedBytes, 0),
    };
  }
}

/** Apps of which only somebody else's private packages are kept are not named. */
function named(actor: Actor, inventory: Inventory): Inventory {
  const seen = new Set(
    inventory.roots.flatMap((root) =>
      root.kind === 'artifact' && maySee(actor, root) ? root.bundleId : [],
    ),
  );
  return { ...inventory, apps: inventory.apps.filter(({ bundleId }) => seen.has(bundleId)) };
}

/** What both plans remove, with the fresh one's figures; and why the rest is left. */
function compare(
  plan: RetentionPlan,
  fresh: RetentionPlan,
): { readonly going: PlanItem[]; readonly skipped: AppliedPlan['skipped'] } {
  const now = new Map(fresh.items.map((item) => [item.id, item]));
  const going: PlanItem[] = [];
  const skipped: { id: RootId; name: string; why: string }[] = [];
  for (const { id, name, keep } of plan.items) {
    if (keep) continue;
    const item = now.get(id);
    if (item?.keep === false) going.push(item);
    else {
      const why = item?.reasons[0]?.text ?? 'it is in the bin or gone already';
      skipped.push({ id, name, why });
    }
  }
  return { going, skipped };
}

/** Whatever the order of their keys: the catalog keeps none. */
function samePolicy(one: HouseholdPolicy | undefined, other: HouseholdPolicy): boolean {
  return isDeepStrictEqual(one, other);
}

function requireKnownScopes(
  policy: HouseholdPolicy,
  inventory: { readonly devices: readonly { readonly id: string }[] },
): void {
  const known = new Set(inventory.devices.map(({ id }) => id));
  const unknown = Object.keys(policy.devices ?? {}).filter((id) => !known.has(id));
  if (unknown.length === 0) return;
  throw new ArchiveError(
    'RETENTION_POLICY_INVALID',
    `The policy names devices that the household does not have: ${unknown.slice(0, 5).join(', ')}. Nothing was changed.`,
    { hint: 'Devices are named by their ids; `rootcellar storage` shows them.' },
  );
}

function noPolicy(): ArchiveError {
  return new ArchiveError(
    'RETENTION_NO_POLICY',
    'The household has no retention policy: everything is kept.',
    {
      hint: 'Write one to a file and look at what it would do: `rootcellar retention preview --file F`.',
    },
  );
}

function outdated({ executed }: { readonly executed: boolean }): ArchiveError {
  return new ArchiveError(
    'PLAN_OUTDATED',
    executed
      ? 'This plan was applied before. Nothing was removed now.'
      : 'The policy this plan was made with is not the household’s policy now. Nothing was removed.',
    { hint: 'Make a new plan: `rootcellar retention preview`.' },
  );
}
