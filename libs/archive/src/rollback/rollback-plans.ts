import { ArchiveError } from '@rootcellar/model';
import type { Clock, RollbackPlanId } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';
import type { RollbackCatalog, StoredRollbackPlan } from '../ports/rollback-catalog.js';
import type { RollbackPlan, RollbackPlanContent } from './rollback-plan.js';
import { whyExpired } from './why-expired.js';

/** Reads rollback plans. A plan is its maker's own; whether it holds is asked anew each time. */
export class RollbackPlans {
  readonly #catalog: RollbackCatalog;
  readonly #clock: Clock;

  constructor(catalog: RollbackCatalog, clock: Clock) {
    this.#catalog = catalog;
    this.#clock = clock;
  }

  /** @throws ArchiveError NOT_FOUND, the same for another member's plan and for none */
  async find(actor: Actor, id: RollbackPlanId): Promise<RollbackPlan> {
    const stored = await this.#catalog.find(actor, id);
    if (stored === undefined)
      throw new ArchiveError('NOT_FOUND', 'There is no such rollback plan, or it is not yours.', {
        hint: '`rootcellar rollback list` shows yours.',
      });
    return this.#view(actor, stored);
  }

  /**
   * A plan that something can be done with.
   * @throws ArchiveError NOT_FOUND; PLAN_EXPIRED; PLAN_BLOCKED
   */
  async requireGood(actor: Actor, id: RollbackPlanId): Promise<RollbackPlan> {
    const plan = await this.find(actor, id);
    requireNotExpired(plan);
    const [first] = plan.blocking;
    if (first !== undefined)
      throw new ArchiveError('PLAN_BLOCKED', `${first.text} Nothing was done.`, {
        details: { blocking: plan.blocking.map(({ code }) => code) },
      });
    return plan;
  }

  async #view(actor: Actor, stored: StoredRollbackPlan): Promise<RollbackPlan> {
    const ground = await this.#catalog.ground(actor, stored);
    const expiredBecause = whyExpired(stored, ground, this.#clock.now());
    const { artifactId, dataSnapshotId } = stored.restsOn;
    const readable =
      ground.deviceVisible &&
      (artifactId === null || ground.artifactReadable) &&
      (dataSnapshotId === null || ground.dataReadable);
    const { id, createdAt, expiresAt, state, stateAt, backupSnapshotId = null } = stored;
    return {
      ...(readable ? stored.content : withoutContent(stored.content)),
      ...{ id, createdAt, expiresAt, state, stateAt, backupSnapshotId },
      expired: expiredBecause.length > 0,
      expiredBecause,
    };
  }
}

/** @throws ArchiveError PLAN_EXPIRED */
export function requireNotExpired({ expired, expiredBecause, app }: RollbackPlan): void {
  if (!expired) return;
  const why = expiredBecause.map(({ text }) => text).join(' ');
  throw new ArchiveError(
    'PLAN_EXPIRED',
    `The rollback plan has expired. ${why} Nothing was done.`,
    {
      details: { expired: expiredBecause.map(({ code }) => code) },
      hint: `Make it again: \`rootcellar rollback plan ${app.bundleId} --device <device>\`.`,
    },
  );
}

/** The gate holds at every read: of a plan whose ground its maker may not read any more, only that it is expired is told. */
function withoutContent({ app, device, updates }: RollbackPlanContent): RollbackPlanContent {
  return {
    ...{ app: { ...app, name: app.bundleId }, device, updates },
    ...{ installed: null, target: null, installability: null, data: null, lockedData: null },
    ...{ downgrade: null, steps: [], blocking: [], warnings: [] },
  };
}
