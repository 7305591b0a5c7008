/** How many retries all calls of one store may make together. */
export interface RetryBudget {
  /** False when nothing is left: the store is down, and more requests would not help it up. */
  take(): boolean;
  /** A call succeeded. */
  succeeded(): void;
}

export interface RetryBudgetOptions {
  /** What there is at first, and at most. */
  readonly retries: number;
  /** How much of a retry each success gives back. */
  readonly regained: number;
}

/**
 * As the AWS SDKs' "standard" retry mode has it: single failures are tried again, but when everything fails, calls fail at once instead of
 * making a struggling store's load many times as large.
 */
export function createRetryBudget({ retries, regained }: RetryBudgetOptions): RetryBudget {
  let left = retries;
  return {
    take: () => {
      if (left < 1) return false;
      left -= 1;
      return true;
    },
    succeeded: () => {
      left = Math.min(retries, left + regained);
    },
  };
}
