import type { Processor } from '@rootcellar/jobs';
import type { Archive } from '@rootcellar/platform';

/** Looks at every household and asks for the jobs that are due; reads some of what releases before this one did not write down. */
export function upkeepProcessor(archive: Archive): Processor {
  return async (_payload, { signal }) => {
    const asked = { households: 0, retention: 0, collection: 0, factsRead: 0 };
    const households = await archive.households();
    for (const householdId of households) {
      signal.throwIfAborted();
      const due = await archive.keepUp.look(householdId);
      asked.households += 1;
      if (due.retention) {
        await archive.jobs.requestRetention(householdId);
        asked.retention += 1;
      }
      if (due.collection) {
        await archive.jobs.requestCollection(householdId);
        asked.collection += 1;
      }
    }
    // Last: it may take its time.
    for (const householdId of households) {
      signal.throwIfAborted();
      const { packages, snapshots } = await archive.readOlderFacts.execute(householdId, signal);
      asked.factsRead += packages + snapshots;
    }
    return asked;
  };
}
