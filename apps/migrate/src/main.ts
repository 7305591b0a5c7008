import { existsSync } from 'node:fs';
import { systemClock } from '@rootcellar/model';
import { createLogger, explain, loadConfig, openSharedArchive } from '@rootcellar/platform';

/** Brings database and queue up to date, marks the bucket as ours, and ends: before processes of this release start, once for all of them. */
try {
  if (existsSync('.env')) process.loadEnvFile('.env');
  const config = loadConfig(process.env);
  const logger = createLogger(config.logLevel);
  const opened = await openSharedArchive(config, { logger, clock: systemClock, migrates: true });
  await opened.queue.check();
  await opened.close();
  console.log('Rootcellar is up to date.');
} catch (error) {
  explain(error);
  process.exitCode = 1;
}
