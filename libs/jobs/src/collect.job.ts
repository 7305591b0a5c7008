import type { CollectionRequest } from '@rootcellar/archive';
import type { HouseholdId } from '@rootcellar/model';

/** Gives back what a household does not need. */
export const COLLECT_JOB = 'collect';

export interface CollectPayload extends CollectionRequest {
  readonly version: 1;
  readonly householdId: HouseholdId;
}
