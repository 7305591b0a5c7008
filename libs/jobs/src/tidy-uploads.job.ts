/** Ends silent uploads and removes what unfinished packs left behind. */
export const TIDY_UPLOADS_JOB = 'tidy-uploads';

export interface TidyUploadsPayload {
  readonly version: 1;
}

/** Often enough that an expired upload does not hold space for long; cheap when there is nothing to do. */
export const TIDY_UPLOADS_EVERY_MS = 15 * 60_000;
