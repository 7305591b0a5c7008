import type { BullJobQueue } from '@rootcellar/jobs';
import { loggable } from '@rootcellar/platform';
import type { Logger } from '@rootcellar/platform';

const EVERY_MS = 60_000;

/** Now, and a minute after each time: a queue that was lost is complete again soon. */
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
