/** Sees to every household, and asks for the jobs that are due. */
export const UPKEEP_JOB = 'upkeep';

export interface UpkeepPayload {
  readonly version: 1;
}

/** Often enough to meet every window. */
export const UPKEEP_EVERY_MS = 60 * 60_000;
