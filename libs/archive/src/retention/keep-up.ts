import type { Clock, HouseholdId } from '@rootcellar/model';
import { clockTrouble } from '@rootcellar/retention';
import type { EndMembership } from '../people/end-membership.js';
import type { RetentionCatalog } from '../ports/retention-catalog.js';
import type { HouseholdSpaces } from '../space/household-spaces.js';
import type { ReportStorage } from '../space/report-storage.js';
import type { Retention } from './retention.js';
import type { UpkeepWindow } from './upkeep-window.js';
import { isInWindow } from './upkeep-window.js';

export interface KeepUpParts {
  readonly catalog: RetentionCatalog;
  readonly retention: Retention;
  readonly storage: ReportStorage;
  readonly spaces: HouseholdSpaces;
  readonly endMembership: Pick<EndMembership, 'endDue'>;
  readonly window: UpkeepWindow;
  readonly clock: Clock;
}

/** What is to be done for a household now. */
export interface DueUpkeep {
  readonly retention: boolean;
  readonly collection: boolean;
}

const HOUR_MS = 3_600_000;
/** What clocks of two machines may differ without being wrong. */
const CLOCKS_DIFFER_MS = 5 * 60_000;
/** A day, less what a schedule may be late. */
const OFTEN_ENOUGH_MS = 20 * HOUR_MS;
/** A machine that sleeps at night never sees its window: after so long any hour will do. */
const TOO_LONG_MS = 44 * HOUR_MS;

/** Sees to a household once an hour: notes sizes, looks at the clock, says what is due, applies the policy by itself. */
export class KeepUp {
  readonly #parts: KeepUpParts;

  constructor(parts: KeepUpParts) {
    this.#parts = parts;
  }

  /** Notes the day's sizes and that the household was seen to. A clock that jumped stops removal by itself until somebody looks. */
  async look(householdId: HouseholdId): Promise<DueUpkeep> {
    const { catalog, storage, spaces, window, clock, endMembership } = this.#parts;
    const upkeep = await catalog.upkeep(householdId);
    const inventory = await spaces.inventory(householdId);
    const newest = inventory.roots.reduce<Date | undefined>(
      (last, { storedAt }) => (last === undefined || storedAt > last ? storedAt : last),
      undefined,
    );
    // After what it is compared with, some of which the database's clock wrote.
    const now = clock.now();
    const trouble = clockTrouble({
      now,
      newestStoredAt: newest && new Date(newest.getTime() - CLOCKS_DIFFER_MS),
      lastSeenAt: upkeep.seenAt && new Date(upkeep.seenAt.getTime() - CLOCKS_DIFFER_MS),
    });
    const alert = upkeep.alert ?? trouble?.message;
    await catalog.noteUpkeep(householdId, {
      seenAt: now,
      ...(alert === upkeep.alert || alert === undefined ? {} : { alert }),
    });
    // What goes to the bin by it is counted there.
    if (alert === undefined) await endMembership.endDue(householdId);
    await storage.noteDay(householdId);
    const { timeZone } = await catalog.household(householdId);
    const inWindow = isInWindow(window, now, timeZone);
    const due = (last: Date | undefined): boolean => {
      if (last === undefined) return true;
      const since = now.getTime() - last.getTime();
      return since > TOO_LONG_MS || (inWindow && since > OFTEN_ENOUGH_MS);
    };
    return {
      retention: alert === undefined && due(upkeep.retainedAt),
      collection: alert === undefined && due(upkeep.collectedAt),
    };
  }

  /**
   * Applies the household's policy, as nobody in particular. What needs a confirmation by name is not done but told.
   * @returns how many things went to the bin
   */
  async applyPolicy(
    householdId: HouseholdId,
  ): Promise<{ readonly forgotten: number; readonly freedBytes: number }> {
    const { catalog, retention, clock } = this.#parts;
    const nothing = { forgotten: 0, freedBytes: 0 };
    const upkeep = await catalog.upkeep(householdId);
    if (upkeep.alert !== undefined) return nothing;
    if ((await catalog.policy(householdId)) === undefined) {
      await catalog.noteUpkeep(householdId, { retainedAt: clock.now() });
      return nothing;
    }
    const plan = await retention.plan(householdId, undefined);
    if (plan.confirmations.length > 0) {
      await catalog.noteUpkeep(householdId, { alert: NEEDS_SOMEBODY });
      return nothing;
    }
    const applied =
      plan.removed === 0
        ? undefined
        : await retention.execute(householdId, plan.id, { confirmed: [] });
    await catalog.noteUpkeep(householdId, { retainedAt: clock.now() });
    return applied === undefined
      ? nothing
      : { forgotten: applied.forgotten.length, freedBytes: applied.freedBytes };
  }
}

const NEEDS_SOMEBODY =
  'The retention policy would remove more than half of what is kept, or the last version of an app. Nothing is removed by itself until an administrator looks at the plan and applies it.';
