import type { HouseholdId, MemberId } from '@rootcellar/model';

/** Something of a household is not as it was: kept, pinned, in the bin, gone; a job went on; another policy; a hold or an alert. */
export interface HouseholdChange {
  readonly kind: 'snapshot' | 'artifact' | 'job' | 'policy' | 'hold' | 'alert';
  /** Of what it is about. */
  readonly id: string;
  /** Whose it is, of holds and alerts whose device it is; of jobs, policies and the household's devices nobody's. */
  readonly memberId: MemberId | undefined;
}

/** `missed`: there may have been changes that were not told; whoever shows something reads it again. */
export type ChangeListener = (change: HouseholdChange | 'missed') => void;

/** Tells what was changed, by whatever process, after it was committed and in that order. */
export interface HouseholdChanges {
  /** Until it is disposed. The listener must not throw. */
  subscribe(householdId: HouseholdId, listener: ChangeListener): Disposable;
}
