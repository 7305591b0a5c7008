import { existsSync } from 'node:fs';
import { tuneHeapForBulk } from '@rootcellar/chunking';
import { isArchiveError } from '@rootcellar/model';
import { loadConfig } from '../config/load-config.js';
import type { Config } from '../config/load-config.js';
import { createLogger } from '../logging.js';
import type { Logger } from '../logging.js';

/** What runs until it is told to stop. */
export interface RunningProcess {
  /** Printed on standard output once it runs. */
  readonly announcement: string;
  /** Settles, with a sentence for the user, when something it cannot do without has ended by itself. */
  readonly broken?: Promise<string>;
  /** Finishes or parks what runs; what was acknowledged is kept. */
  stop(): Promise<void>;
}

/** Reads the settings, starts, waits for Ctrl-C, SIGTERM or the launcher's end, and stops. Sets the exit code: 0 when it was told to stop. */
export async function runProcess(
  start: (config: Config, logger: Logger) => Promise<RunningProcess>,
): Promise<void> {
  try {
    tuneHeapForBulk();
    if (existsSync('.env')) process.loadEnvFile('.env');
    const config = loadConfig(process.env);
    const asked = stopRequest();
    const running = await start(config, createLogger(config.logLevel));
    console.log(running.announcement);
    const broken = await Promise.race([asked, ...(running.broken ? [running.broken] : [])]);
    if (broken !== undefined) console.error(broken);
    await running.stop();
    process.exitCode = broken === undefined ? 0 : 1;
  } catch (error) {
    explain(error);
    process.exitCode = 1;
  }
  // Without the launcher there is no channel to it.
  if (process.connected) process.disconnect();
}

/** Says on standard error why something could not be started. */
export function explain(error: unknown): void {
  if (isArchiveError(error)) {
    console.error(`Rootcellar cannot start: ${error.message} [${error.code}]`);
    if (error.hint !== undefined) console.error(error.hint);
  } else {
    console.error(
      'Rootcellar cannot start because of a fault in it. Nothing that was stored is touched. Please report this:',
    );
    console.error(error);
  }
}

/** The third request does not wait. */
async function stopRequest(): Promise<undefined> {
  const asked = Promise.withResolvers<undefined>();
  let requests = 0;
  const request = (): void => {
    requests += 1;
    if (requests > 2) process.exit(1);
    asked.resolve(undefined);
  };
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.on(signal, request);
  process.on('disconnect', request);
  return asked.promise;
}
