import { ArchiveError, newId } from '@rootcellar/model';
import type { Clock, RollbackPlanId } from '@rootcellar/model';
import { mayChangeDevice } from '../../people/may.js';
import { doerOf } from '../../people/origin-of.js';
import type { HoldId, NewHold } from '../../ports/hold-catalog.js';
import type { Actor } from '../../ports/people-catalog.js';
import type { LockedRun, RunCatalog, RunChange, RunView } from '../../ports/run-catalog.js';
import type { RollbackPlan } from '../rollback-plan.js';
import type { RollbackPlans } from '../rollback-plans.js';
import { disproof } from './disproof.js';
import { follow, nextStep } from './follow.js';
import type { RunPosition } from './follow.js';
import { targetOf } from './planned-target.js';
import type { StepReport } from './step-report.js';

/** Somebody who fails that often does not need another try. */
const REPORTS_MAX = 1000;

/** Carries plans out, step by step: what is done is the agent's, what counts as done is decided here. */
export class RollbackRuns {
  readonly #plans: Pick<RollbackPlans, 'find' | 'requireGood'>;
  readonly #runs: RunCatalog;
  readonly #clock: Clock;

  constructor(parts: {
    readonly plans: Pick<RollbackPlans, 'find' | 'requireGood'>;
    readonly runs: RunCatalog;
    readonly clock: Clock;
  }) {
    this.#plans = parts.plans;
    this.#runs = parts.runs;
    this.#clock = parts.clock;
  }

  /** @throws ArchiveError NOT_FOUND, the same for another member's plan and for none */
  async view(actor: Actor, planId: RollbackPlanId): Promise<RunView> {
    const view = await this.#runs.view(actor, planId);
    if (view === undefined) throw noPlan();
    return view;
  }

  /**
   * A step may be started while its plan holds. `done` is believed where it can be checked: the snapshot is there, the device lists the version.
   * What is not true is recorded as failed, and refused.
   * @throws ArchiveError NOT_FOUND, FORBIDDEN, PLAN_EXPIRED, PLAN_BLOCKED, ROLLBACK_STEP_ORDER, ROLLBACK_RUNNING, ROLLBACK_NOT_INSTALLED, INPUT_INVALID
   */
  async report(actor: Actor, planId: RollbackPlanId, report: StepReport): Promise<RunView> {
    const plan =
      report.outcome === 'started'
        ? await this.#plans.requireGood(actor, planId)
        : await this.#plans.find(actor, planId);
    const refused =
      report.outcome === 'done' ? await disproof(this.#runs, actor, plan, report) : undefined;
    const told: StepReport =
      refused === undefined ? report : { ...report, outcome: 'failed', reason: refused.code };
    const found = await this.#runs.change(actor, planId, report.id, (run) =>
      run.known ? undefined : { change: this.#change(actor, plan, run, told), by: doerOf(actor) },
    );
    if (!found) throw noPlan();
    if (refused !== undefined) throw refused;
    return this.view(actor, planId);
  }

  #change(actor: Actor, plan: RollbackPlan, run: LockedRun, report: StepReport): RunChange {
    requireMayRun(actor, run);
    const position = positionAfter(plan, run, report);
    const { id, step, outcome, runner, computer, reason = null } = report;
    const free = outcome === 'failed' || nextStep(position.state) === undefined;
    return {
      ...{ position, runner, subject: subjectOf(plan) },
      record: outcome === 'going-on' ? undefined : { id, step, outcome, reason },
      backupSnapshotId: outcome === 'done' ? report.snapshotId : undefined,
      hold: position.state === 'held' ? this.#hold(actor, plan, run) : undefined,
      claim: free ? undefined : { runner, computer },
    };
  }

  #hold({ householdId }: Actor, plan: RollbackPlan, { deviceId }: LockedRun): NewHold {
    const { version, build, externalVersionId } = targetOf(plan);
    return {
      ...{ id: newId<HoldId>(this.#clock), householdId, deviceId, planId: plan.id },
      ...{ bundleId: plan.app.bundleId, version, build, externalVersionId },
    };
  }
}

/** Asked with the device locked: what began meanwhile on another computer is known now. */
function positionAfter(plan: RollbackPlan, run: LockedRun, report: StepReport): RunPosition {
  const { claim, state, reports } = run;
  const mine = claim?.planId === plan.id && claim.runner === report.runner;
  if (!mine) requireFree(run);
  if (reports >= REPORTS_MAX) throw tooOften();
  return follow({ state, underway: mine ? claim.underway : undefined }, report);
}

/** What the app and version are called, for the audit trail. */
function subjectOf({ app, target }: RollbackPlan): string {
  return `${app.bundleId} ${target?.version ?? target?.externalVersionId ?? ''}`.trim();
}

function requireMayRun(actor: Actor, { deviceOwnerId: ownerId }: LockedRun): void {
  if (mayChangeDevice(actor, { ownerId })) return;
  throw new ArchiveError(
    'FORBIDDEN',
    'What is installed on the household’s devices is not for limited members to change. Nothing was done.',
  );
}

function requireFree({ claim }: LockedRun): void {
  if (claim === undefined || claim.silent) return;
  throw new ArchiveError(
    'ROLLBACK_RUNNING',
    `${claim.computer} works with this device, or did a moment ago. Nothing was done.`,
    {
      details: { silentAfter: claim.silentAfter.toISOString() },
      hint: 'Let it finish there. A computer that is gone is waited for two minutes; then run the same command again.',
    },
  );
}

function noPlan(): ArchiveError {
  return new ArchiveError('NOT_FOUND', 'There is no such rollback plan, or it is not yours.', {
    hint: '`rootcellar rollback list` shows yours.',
  });
}

function tooOften(): ArchiveError {
  return new ArchiveError(
    'PLAN_EXPIRED',
    'This plan was tried too often. Nothing was recorded; make a new one.',
  );
}
