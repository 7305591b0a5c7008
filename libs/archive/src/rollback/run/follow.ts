import { ArchiveError } from '@rootcellar/model';
import type { RollbackState, RollbackStepName } from '../rollback-plan.js';

/** What an agent tells of a step. `going-on`: nothing but that it is still there. */
export type StepOutcome = 'started' | 'going-on' | 'done' | 'failed';

/** How far a run has come. */
export interface RunPosition {
  readonly state: RollbackState;
  /** What was started and has not ended. */
  readonly underway: RollbackStepName | undefined;
}

/** Each step, and the state it leads from and to. The order is the one the plan tells people. */
export const RUN_STEPS: readonly {
  readonly step: RollbackStepName;
  readonly from: RollbackState;
  readonly to: RollbackState;
}[] = [
  { step: 'fresh-backup', from: 'planned', to: 'backed-up' },
  { step: 'install-package', from: 'backed-up', to: 'installed' },
  { step: 'put-data-back', from: 'installed', to: 'data-restored' },
  { step: 'verify', from: 'data-restored', to: 'verified' },
  { step: 'hold', from: 'verified', to: 'held' },
];

/** What comes next; undefined when everything is done, or the plan was given up. */
export function nextStep(state: RollbackState): RollbackStepName | undefined {
  return RUN_STEPS.find(({ from }) => from === state)?.step;
}

/**
 * Where a run is after a report. Only `done` moves it on, only of the step that comes next, and only once that was started; a failure
 * leaves it where it is, so that the step can be started again.
 *
 * @throws ArchiveError ROLLBACK_STEP_ORDER
 */
export function follow(
  { state, underway }: RunPosition,
  { step, outcome }: { readonly step: RollbackStepName; readonly outcome: StepOutcome },
): RunPosition {
  const next = RUN_STEPS.find(({ from }) => from === state);
  if (next?.step !== step) throw outOfOrder(step, next?.step);
  // Whoever starts a step again has lost it before: a computer that was switched off, for example.
  if (outcome === 'started') return { state, underway: step };
  if (underway !== step) throw notStarted(step);
  if (outcome === 'going-on') return { state, underway };
  return { state: outcome === 'done' ? next.to : state, underway: undefined };
}

function outOfOrder(step: RollbackStepName, next: RollbackStepName | undefined): ArchiveError {
  const message =
    next === undefined
      ? 'This rollback is over; there is no step left.'
      : `The next step of this rollback is ${next}, not ${step}.`;
  return new ArchiveError('ROLLBACK_STEP_ORDER', `${message} Nothing was recorded.`, {
    details: { step, ...(next === undefined ? {} : { next }) },
    hint: '`rootcellar rollback run <plan-id>` goes on where it stopped.',
  });
}

function notStarted(step: RollbackStepName): ArchiveError {
  return new ArchiveError(
    'ROLLBACK_STEP_ORDER',
    `The step ${step} was not started, so nothing can be told of it. Nothing was recorded.`,
    { details: { step } },
  );
}
