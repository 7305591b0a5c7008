import { runProcess } from '@rootcellar/platform';
import { startService } from './service.js';
import type { RunningService } from './service.js';

/** Started by `npm start`: the service until it is told to stop. */
await runProcess(async (config, logger) => {
  const service = await startService({ config, logger });
  return {
    announcement: announcement(service),
    broken: service.broken.then(
      () =>
        'The database ended by itself; stopping. Start again: nothing that was acknowledged is lost.',
    ),
    stop: async () => service.stop(),
  };
});

function announcement({ address, setupToken, dataFolder }: RunningService): string {
  const ready = `Rootcellar is ready at ${address}`;
  if (setupToken === undefined) return ready;
  return `Not set up yet. Open this link once to create the first administrator:
  ${address}/setup#${setupToken}
or run: npx rootcellar setup --server ${address} --setup-token-file ${quoted(`${dataFolder}/setup-token`)} --household … --name … --email …

${ready}`;
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}
