import { systemClock } from '@rootcellar/model';
import { monitored, openSharedArchive, runProcess } from '@rootcellar/platform';
import { drain } from './drain.js';
import { addressOf, listen } from './listen.js';

/** The API as a process of its own; any number of them behind a balancer. */
await runProcess(async (config, logger) => {
  await using started = new AsyncDisposableStack();
  const opened = await openSharedArchive(config, { logger, clock: systemClock });
  started.defer(async () => opened.close());
  const monitoring = await monitored(opened.watch, config);
  started.defer(async () => monitoring?.close());
  const app = await listen(opened, config, logger);
  started.defer(async () => app.close());
  started.defer(async () =>
    drain(app.getHttpServer(), opened.watch.readiness, config.drainSeconds),
  );
  const stopping = started.move();
  return {
    announcement: `Rootcellar is ready at ${addressOf(config)}`,
    stop: async () => stopping.disposeAsync(),
  };
});
