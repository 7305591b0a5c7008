import type { HouseholdId, RootId } from '@rootcellar/model';
import type { Doer } from './audit-trail.js';

/** Who did it: a member, or a rule by itself. */
export type DoneBy =
  | (Doer & { readonly rule?: string })
  | { readonly memberId?: undefined; readonly from?: undefined; readonly rule: string };

/** A root as the audit trail tells of it. */
export interface BinItem {
  readonly id: RootId;
  /** For people: the device's name and the backup's date, or the app and its version. */
  readonly subject: string;
  /** Bytes that come back when it is gone. */
  readonly bytes: number;
}

/** The way out: in the bin, back again, gone. All times are the database's; every step leaves an audit line. */
export interface BinCatalog {
  /**
   * One transaction. What is pinned, in the bin or gone already is left as it is.
   * @param days of undo
   * @returns what went to the bin, and until when undo is possible
   */
  forget(
    householdId: HouseholdId,
    items: readonly (BinItem & { readonly rule?: string })[],
    by: DoneBy,
    days: number,
  ): Promise<{ readonly forgotten: readonly RootId[]; readonly goneAfter: Date }>;
  /** @returns what came back; what is gone for ever is not among it */
  undo(householdId: HouseholdId, ids: readonly RootId[], by: Doer): Promise<readonly RootId[]>;
  /** @returns false when there is no such root outside the bin */
  setPinned(householdId: HouseholdId, id: RootId, pinned: boolean, by: Doer): Promise<boolean>;
  /** Removes for ever what was in the bin for its time, at most `most`. @returns how many */
  removeDue(householdId: HouseholdId, most: number): Promise<number>;
  /** Ends the time of everything in the bin. @returns how many */
  emptyBin(householdId: HouseholdId, by: Doer): Promise<number>;
}
