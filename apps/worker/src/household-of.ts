import type { Processor } from '@rootcellar/jobs';
import { ArchiveError } from '@rootcellar/model';
import type { HouseholdId } from '@rootcellar/model';

/** @throws ArchiveError INPUT_INVALID */
export function householdOf(payload: Parameters<Processor>[0]): HouseholdId {
  if ('householdId' in payload) return payload.householdId;
  throw new ArchiveError('INPUT_INVALID', 'This job needs a household.');
}
