import type { HouseholdId } from '@rootcellar/model';

/**
 * Keeps two workers from the same maintenance of the same household. What must never go wrong is guarded by the catalog's transactions
 * as well: a worker that was frozen and wakes up may act for a moment before it hears that it lost the lock.
 */
export interface MaintenanceLocks {
  /**
   * @param area what is worked on; locks of different areas do not know each other
   * @param householdId without it: of all households
   * @returns `undefined` when somebody holds it
   * @throws ArchiveError DATABASE_FAILED
   */
  take(area: string, householdId: HouseholdId | undefined): Promise<MaintenanceLock | undefined>;
}

/** Disposing gives it back; so does the end of the process, however it ends. */
export interface MaintenanceLock extends AsyncDisposable {
  /** Aborted when it is lost: with the connection, or after a minute without a sign of life. */
  readonly lost: AbortSignal;
}
