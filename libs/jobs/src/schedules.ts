import type { MaintenanceQueue } from './open-queue.js';
import { TIDY_UPLOADS_EVERY_MS, TIDY_UPLOADS_JOB } from './tidy-uploads.job.js';
import { UPKEEP_EVERY_MS, UPKEEP_JOB } from './upkeep.job.js';

const SCHEDULES = [
  { name: TIDY_UPLOADS_JOB, every: TIDY_UPLOADS_EVERY_MS },
  { name: UPKEEP_JOB, every: UPKEEP_EVERY_MS },
];
const OPTIONS = { removeOnComplete: { count: 10 }, removeOnFail: { count: 100 } };

/** The queue keeps them; made when they are missing or another release's. Making one that exists would move its next time. */
export async function keepSchedules(queue: MaintenanceQueue): Promise<void> {
  for (const { name, every } of SCHEDULES) {
    const kept = await queue.getJobScheduler(name);
    if (kept?.every === every) continue;
    await queue.upsertJobScheduler(name, { every }, { name, data: { version: 1 }, opts: OPTIONS });
  }
}

/** Not in an hour: a clock that jumped while the service was down is seen at once, and sizes and plans are quick from the first on. */
export async function lookAtOnce(queue: MaintenanceQueue): Promise<void> {
  await queue.add(UPKEEP_JOB, { version: 1 }, { ...OPTIONS, deduplication: { id: UPKEEP_JOB } });
}
