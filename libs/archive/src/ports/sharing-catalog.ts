import type { HouseholdId } from '@rootcellar/model';
import type { Doer } from './audit-trail.js';

export interface SharedHousehold {
  readonly name: string;
  readonly timeZone: string;
  /** Whether sizes are told to a member as if what others stored did not exist. */
  readonly dedupByMember: boolean;
}

/** What a household's members tell each other by sharing storage (docs/adr/0031). */
export interface SharingCatalog {
  find(householdId: HouseholdId): Promise<SharedHousehold>;
  setDedup(householdId: HouseholdId, byMember: boolean, by: Doer): Promise<void>;
}
