/** One count that an attempt is counted in. */
export interface AttemptCount {
  readonly key: Uint8Array;
  /** Failures before the first wait. */
  readonly free: number;
}

/** Counts of failed attempts, shared by all processes. */
export interface AttemptCatalog {
  /**
   * Counts an attempt in all of the counts as if it had failed, unless one of them makes wait; in one transaction, so that no more attempts
   * run at a time than may fail.
   * @param unless the counts after the first that are left out when the first knows of a success
   * @returns when to try again; undefined when the attempt may go on
   */
  take(counts: readonly AttemptCount[], unless: number, now: Date): Promise<Date | undefined>;
  /** Takes back what `take` counted. @param known whether the first count is to remember a success */
  giveBack(counts: readonly AttemptCount[], known: boolean, now: Date): Promise<void>;
  /** Forgets counts that make nobody wait any more, and challenges that are over. */
  prune(now: Date): Promise<void>;
}
