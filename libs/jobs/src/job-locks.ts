import { COLLECT_JOB } from './collect.job.js';
import { SCRUB_JOB } from './scrub.job.js';

/**
 * What must not run beside each other, in one household (docs/adr/0019): collection moves the packs that a scrub reads and counts. Every
 * other kind keeps out only its like.
 */
export function lockAreaOf(jobName: string): string {
  return jobName === COLLECT_JOB || jobName === SCRUB_JOB ? 'packs' : jobName;
}
