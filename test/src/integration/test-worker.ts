import { startMaintenanceWorker } from '@rootcellar/jobs';
import type { Processor, WorkerSettings } from '@rootcellar/jobs';
import type { OpenArchive } from '@rootcellar/platform';

/** A worker with processors of the test's own. */
export function startTestWorker(
  opened: Pick<OpenArchive, 'queueConnection' | 'jobRequests' | 'maintenanceLocks'>,
  processors: Readonly<Record<string, Processor>>,
  settings: Partial<WorkerSettings> = {},
): { close(): Promise<void> } {
  return startMaintenanceWorker(opened.queueConnection, {
    processors: new Map(Object.entries(processors)),
    concurrency: 1,
    requests: opened.jobRequests,
    locks: opened.maintenanceLocks,
    onError: () => undefined,
    lockedAgainMs: 200,
    ...settings,
  });
}
