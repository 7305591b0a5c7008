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

describe('follow', () => {
  it('never reaches a state without each step before having succeeded, in order', () => {
    let held = 0;
    fc.assert(
      fc.property(reports, (all) => {
        const done: string[] = [];
        let at = BEGIN;
        for (const given of all) {
          const said =
            typeof given === 'string' ? { step: nextStep(at.state) ?? 'hold', outcome: given } : given;
          try {
            const after = follow(at, said);
            if (said.outcome === 'done') {
              expect(at.underway).toBe(said.step);
              done.push(said.step);
            } else expect(after.state).toBe(at.state);
            at = after;
          } catch (error) {
            expect(isArchiveError(error, 'ROLLBACK_STEP_ORDER')).toBe(true);
          }
        }
        expect(done).toEqual(NAMES.slice(0, done.length));
        expect(at.state).toBe([...RUN_STEPS.map(({ from }) => from), 'held'][done.length]);
        if (at.state === 'held') held += 1;
      }),
      { numRuns: 3000, examples: [[NAMES.flatMap(() => ['started', 'done'] as const)]] },
    );
    expect(held).toBeGreaterThan(0);
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
