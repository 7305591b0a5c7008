import type { JobRequests } from '@rootcellar/archive';
import type { JobId } from '@rootcellar/model';
import { householdJob } from './maintenance-payload.js';
import type { MaintenanceQueue } from './open-queue.js';

const REQUESTS_A_PAGE = 500;

/**
 * Makes the queue again from what PostgreSQL knows. Several workers may do it at once: a job is queued by the id of its request, and one
 * that was done meanwhile ends at its first step.
 */
export async function reconcile(queue: MaintenanceQueue, requests: JobRequests): Promise<void> {
  let after: JobId | undefined;
  for (;;) {
    const page = await requests.open(after, REQUESTS_A_PAGE);
    for (const request of page) {
      const state = await queue.getJobState(request.id);
      if (state === 'unknown') {
        const { name, payload, options } = householdJob(request);
        await queue.add(name, payload, options);
      } else if (state === 'failed' || state === 'completed') {
        // Ended without us: by a release that did not write it down, or because every worker that took it died.
        const job = await queue.getJob(request.id);
        await requests.end(
          request.id,
          state === 'completed'
            ? { result: job?.returnvalue }
            : { failure: codeOf(job?.failedReason) },
        );
      }
    }
    after = page.at(-1)?.id;
    if (after === undefined) break;
  }
  await requests.forgetEnded();
}

/** BullMQ's own reasons are sentences. */
function codeOf(reason: string | undefined): string {
  return reason !== undefined && /^[A-Z_]+$/.test(reason) ? reason : 'INTERNAL';
}
