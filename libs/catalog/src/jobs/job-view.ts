import type { JobState, JobView } from '@rootcellar/archive';
import type { HouseholdId, JobId } from '@rootcellar/model';

/** A row of `job_request` as it is read. */
export interface JobRow {
  readonly id: JobId;
  readonly householdId: HouseholdId;
  readonly name: string;
  readonly requestedAt: Date;
  readonly startedAt: Date | null;
  readonly progress: Readonly<Record<string, number>>;
  readonly endedAt: Date | null;
  readonly result: unknown;
  readonly failure: string | null;
}

export function viewOf(row: JobRow): JobView {
  const { id, householdId, name, requestedAt, progress, result, failure } = row;
  return {
    ...{ id, householdId, name, requestedAt, progress },
    state: stateOf(row),
    result: result ?? undefined,
    failure: failure ?? undefined,
    endedAt: row.endedAt ?? undefined,
  };
}

function stateOf({ startedAt, endedAt, failure }: JobRow): JobState {
  if (endedAt !== null) return failure === null ? 'completed' : 'failed';
  return startedAt === null ? 'waiting' : 'active';
}
