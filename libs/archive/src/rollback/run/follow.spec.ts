import { describe, expect, it } from '@jest/globals';
import { isArchiveError } from '@rootcellar/model';
import fc from 'fast-check';
import { RUN_STEPS, follow, nextStep } from './follow.js';
import type { RunPosition, StepOutcome } from './follow.js';

const BEGIN: RunPosition = { state: 'planned', underway: undefined };
const NAMES = RUN_STEPS.map(({ step }) => step);
const report = fc.record({
  step: fc.constantFrom(...NAMES),
  outcome: fc.constantFrom<StepOutcome>('started', 'going-on', 'done', 'failed'),
});
/** Often the one that comes next, so that runs get far. */
const reports = fc.array(
  fc.oneof(report, fc.constantFrom<StepOutcome>('started', 'done', 'failed')),
  { maxLength: 40 },
);

interface Told {
  readonly at: RunPosition;
  /** The steps whose `done` was taken, and what was underway then. */
  readonly done: readonly (readonly [step: string, underway: string | undefined])[];
  /** Other reports that moved the run on. */
  readonly moved: number;
  readonly refusedOtherwise: number;
}

function tellAll(all: readonly (StepOutcome | { step: string; outcome: StepOutcome })[]): Told {
  const start: Told = { at: BEGIN, done: [], moved: 0, refusedOtherwise: 0 };
  return all.reduce<Told>((told, given) => {
    const { at } = told;
    const said =
      typeof given === 'string' ? { step: nextStep(at.state) ?? 'hold', outcome: given } : given;
    try {
      const after = follow(at, said as Parameters<typeof follow>[1]);
      if (said.outcome === 'done')
        return { ...told, at: after, done: [...told.done, [said.step, at.underway]] };
      return { ...told, at: after, moved: told.moved + Number(after.state !== at.state) };
    } catch (error) {
      const other = Number(!isArchiveError(error, 'ROLLBACK_STEP_ORDER'));
      return { ...told, refusedOtherwise: told.refusedOtherwise + other };
    }
  }, start);
}

describe('follow', () => {
  it('never reaches a state without each step before having succeeded, in order', () => {
    const reached = new Set<string>();
    fc.assert(
      fc.property(reports, (all) => {
        const { at, done, moved, refusedOtherwise } = tellAll(all);

        expect(done).toEqual(NAMES.slice(0, done.length).map((step) => [step, step]));
        expect(at.state).toBe([...RUN_STEPS.map(({ from }) => from), 'held'][done.length]);
        expect([moved, refusedOtherwise]).toEqual([0, 0]);
        reached.add(at.state);
      }),
      { numRuns: 3000, examples: [[NAMES.flatMap(() => ['started', 'done'] as const)]] },
    );
    expect(reached).toContain('held');
    expect(reached).toContain('installed');
  });

  it('goes on from where a step failed', () => {
    const installing = { state: 'backed-up', underway: 'install-package' } as const;

    const failed = follow(installing, { step: 'install-package', outcome: 'failed' });

    expect(failed).toEqual({ state: 'backed-up', underway: undefined });
    expect(nextStep(failed.state)).toBe('install-package');
  });

  it('starts again what was lost', () => {
    const lost = { state: 'planned', underway: 'fresh-backup' } as const;

    expect(follow(lost, { step: 'fresh-backup', outcome: 'started' })).toEqual(lost);
  });

  it.each([
    [BEGIN, 'install-package', 'started'],
    [BEGIN, 'fresh-backup', 'done'],
    [{ state: 'held', underway: undefined }, 'hold', 'started'],
    [{ state: 'given-up', underway: undefined }, 'fresh-backup', 'started'],
  ] as const)('refuses in %p: %s %s', (at, step, outcome) => {
    expect(() => follow(at, { step, outcome })).toThrow(
      expect.objectContaining({ code: 'ROLLBACK_STEP_ORDER' }),
    );
  });
});
