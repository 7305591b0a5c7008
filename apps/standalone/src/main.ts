import { existsSync } from 'node:fs';
import { isArchiveError } from '@rootcellar/model';
import { createLogger, loadConfig, tuneHeapForBulk } from '@rootcellar/platform';
import { startService } from './service.js';
import type { RunningService } from './service.js';

/** Started by `npm start`: the service until it is told to stop. */
async function main(): Promise<number> {
  tuneHeapForBulk();
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env);
  const logger = createLogger(config.logLevel);
  const stop = stopRequest();
  const service = await startService({ config, logger });
  announce(service);
  const reason = await Promise.race([stop, service.broken.then(() => 'broken' as const)]);
  if (reason === 'broken')
    console.error(
      'The database ended by itself; stopping. Start again: nothing that was acknowledged is lost.',
    );
  await service.stop();
  return reason === 'broken' ? 1 : 0;
}

function announce({ address, setupToken, dataFolder }: RunningService): void {
  if (setupToken !== undefined) {
    console.log(`Not set up yet. Open this link once to create the first administrator:
  ${address}/setup#${setupToken}
or run: npx rootcellar setup --server ${address} --setup-token-file ${quoted(`${dataFolder}/setup-token`)} --household … --name … --email …
`);
  }
  console.log(`Rootcellar is ready at ${address}`);
}

function quoted(path: string): string {
  return /^[\w./-]+$/.test(path) ? path : `'${path.replaceAll("'", `'\\''`)}'`;
}

/** Ctrl-C, SIGTERM, or the launcher's end. The second request does not wait. */
async function stopRequest(): Promise<'asked'> {
  const asked = Promise.withResolvers<'asked'>();
  let requests = 0;
  const request = (): void => {
    requests += 1;
    if (requests > 2) process.exit(1);
    asked.resolve('asked');
  };
  process.on('SIGTERM', request);
  process.on('SIGINT', request);
  process.on('SIGHUP', request);
  process.on('disconnect', request);
  return asked.promise;
}

try {
  process.exitCode = await main();
} catch (error) {
  if (isArchiveError(error)) {
    console.error(`Rootcellar cannot start: ${error.message} [${error.code}]`);
    if (error.hint !== undefined) console.error(error.hint);
  } else {
    console.error(
      'Rootcellar cannot start because of a fault in it. Nothing that was stored is touched. Please report this:',
    );
    console.error(error);
  }
  process.exitCode = 1;
}
// Without the launcher there is no channel to it.
if (process.connected) process.disconnect();
