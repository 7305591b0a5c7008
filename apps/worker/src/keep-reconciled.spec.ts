import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { createLogger } from '@rootcellar/platform';
import { keepReconciled } from './keep-reconciled.js';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

const silent = createLogger('error', { write: () => undefined });

describe('keepReconciled', () => {
  it('completes a queue that was away within ten seconds of its return', async () => {
    const answers = [Promise.reject(new Error('away')), Promise.resolve()];
    const reconcile = jest.fn(async () => answers.shift());
    const kept = await keepReconciled({ reconcile }, silent);
    expect(reconcile).toHaveBeenCalledTimes(1);

    await jest.advanceTimersByTimeAsync(10_000);

    expect(reconcile).toHaveBeenCalledTimes(2);
    await kept.stop();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(reconcile).toHaveBeenCalledTimes(2);
  });
});
