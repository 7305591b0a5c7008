import type { BullJobQueue } from '@rootcellar/jobs';
import { loggable } from '@rootcellar/platform';
import type { Logger } from '@rootcellar/platform';

const EVERY_MS = 10_000;

/** Now, and ten seconds after each time: somebody may wait for a job that was asked for while the queue was away. */
export async function keepReconciled(
  queue: Pick<BullJobQueue, 'reconcile'>,
  logger: Logger,
): Promise<{ stop(): Promise<void> }> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const reconcile = async (): Promise<void> => {
    try {
      await queue.reconcile();
    } catch (error) {
      // The next time; what is open stays open.
      logger.warn(loggable(error), 'the queue could not be completed');
    }
    if (stopped) return;
    timer = setTimeout(() => {
      running = reconcile();
    }, EVERY_MS);
  };
  let running = reconcile();
  await running;
  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}
