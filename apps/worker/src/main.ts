import { systemClock } from '@rootcellar/model';
import { monitored, openSharedArchive, runProcess } from '@rootcellar/platform';
import { startWorker } from './start-worker.js';

/** A worker as a process of its own; any number of them share the queue. */
await runProcess(async (config, logger) => {
  await using started = new AsyncDisposableStack();
  const opened = await openSharedArchive(config, { logger, clock: systemClock });
  started.defer(async () => opened.close());
  const monitoring = await monitored(opened.watch, config);
  started.defer(async () => monitoring?.close());
  const worker = await startWorker(opened, { logger, concurrency: config.workerConcurrency });
  started.defer(async () => worker.close());
  const stopping = started.move();
  return {
    announcement: 'Rootcellar works.',
    stop: async () => stopping.disposeAsync(),
  };
});
