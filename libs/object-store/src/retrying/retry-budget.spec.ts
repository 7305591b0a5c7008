import { describe, expect, it } from '@jest/globals';
import { createRetryBudget } from './retry-budget.js';

describe('createRetryBudget', () => {
  it('gives as many retries as it has, and one more for each ten calls that succeed', () => {
    const budget = createRetryBudget({ retries: 2, regained: 0.1 });
    const taken = [budget.take(), budget.take(), budget.take()];
    for (let call = 0; call < 11; call += 1) budget.succeeded();

    expect([...taken, budget.take(), budget.take()]).toEqual([true, true, false, true, false]);
  });

  it('saves up no more than it had at first', () => {
    const budget = createRetryBudget({ retries: 1, regained: 1 });
    budget.succeeded();

    expect([budget.take(), budget.take()]).toEqual([true, false]);
  });
});
