import type { CollectionReport } from '@rootcellar/archive';
import type { CollectPayload, Processor } from '@rootcellar/jobs';
import type { Archive } from '@rootcellar/platform';
import { householdOf } from './household-of.js';

/** A pack of which two fifths are dead costs less to keep than to write anew every night. */
const REPACK_BELOW = 0.6;

/** What can be counted of it. */
function counters(progress: CollectionReport): Record<string, number> {
  return Object.fromEntries(
    Object.entries(progress).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
}

export function collectProcessor(archive: Archive): Processor {
  return async (payload, { signal, report }) => {
    const householdId = householdOf(payload);
    const { graceSeconds, repackBelow } = payload as CollectPayload;
    return archive.collectGarbage.execute(householdId, {
      graceSeconds: graceSeconds ?? archive.graceSeconds,
      repackBelow: repackBelow ?? REPACK_BELOW,
      signal,
      onProgress: async (progress) => report(counters(progress)),
    });
  };
}
