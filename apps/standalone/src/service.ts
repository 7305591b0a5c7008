import { join } from 'node:path';
import { NestFactory } from '@nestjs/core';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ApiModule, configureHttp } from '@rootcellar/api';
import { systemClock } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import {
  ArchiveModule,
  loggable,
  nestLogger,
  openArchive,
  startMonitoring,
} from '@rootcellar/platform';
import type { Config, Logger, Monitoring, OpenArchive } from '@rootcellar/platform';
import { startWorker } from '@rootcellar/worker';
import { openDataFolder } from './data/data-folder.js';
import { describeListenError } from './listen-error.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';

export interface RunningService {
  /** For example `http://127.0.0.1:4470`. */
  readonly address: string;
  /** The one-time token, while no administrator exists. */
  readonly setupToken: string | undefined;
  readonly dataFolder: string;
  /** Settles when something the service cannot do without has ended by itself. */
  readonly broken: Promise<unknown>;
  /** Finishes or parks what runs; what was acknowledged is kept. */
  stop(): Promise<void>;
}

export interface ServiceOptions {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock?: Clock;
  /** Tests only: PostgreSQL does not wait for the disk. */
  readonly durable?: boolean;
}

/**
 * The whole service in one process: embedded PostgreSQL, objects in a folder, jobs on the same database.
 * @throws ArchiveError DATA_IN_USE, DATA_UNUSABLE, CONFIG_INVALID, DATABASE_FAILED, PORT_TAKEN, STORAGE_FULL …
 */
export async function startService(options: ServiceOptions): Promise<RunningService> {
  const { config, logger } = options;
  const clock = options.clock ?? systemClock;
  const log = {
    info: (text: string) => logger.info(text),
    warn: (text: string) => logger.warn(text),
  };
  await using started = new AsyncDisposableStack();
  const data = await openDataFolder(config.dataFolder, {
    log,
    masterKeyFile: config.masterKeyFile,
  });
  started.defer(async () => data.close());
  const postgres = await startEmbeddedPostgres({
    folder: data.postgres,
    log,
    clock,
    ...(options.durable === undefined ? {} : { durable: options.durable }),
  });
  started.defer(async () => postgres.stop());
  const opened = await openArchive({
    database: postgres.connection,
    objects: join(data.path, 'objects'),
    scratchFolder: join(data.path, 'scratch'),
    masterKey: data.masterKey,
    masterKeyFile: config.masterKeyFile ?? join(data.path, 'master-key'),
    setupToken: {
      read: async () => data.setupToken.read(),
      spend: async () => data.setupToken.remove(),
    },
    threads: config.threads,
    upkeep: config.upkeep,
    clock,
  });
  started.defer(async () => opened.close());
  const worker = await startWorker(opened, { logger });
  started.defer(async () => worker.close());
  const monitoring = await watched(opened, config);
  started.defer(async () => monitoring?.close());
  const app = await listen(opened, config, logger);
  started.defer(async () => app.close());
  const setupToken = await provideSetupToken(opened, data.setupToken);
  const stopping = started.move();
  return {
    address: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${config.port}`,
    setupToken,
    dataFolder: data.path,
    broken: postgres.died,
    stop: async () => stopping.disposeAsync(),
  };
}

async function listen(
  opened: OpenArchive,
  config: Config,
  logger: Logger,
): Promise<NestExpressApplication> {
  const { archive, database, watch } = opened;
  const parts = { archive, database, watch, logger };

  @Module({ imports: [ArchiveModule.with(parts), ApiModule] })
  class ServiceModule {}

  const app = await NestFactory.create<NestExpressApplication>(ServiceModule, {
    logger: nestLogger(logger),
    bodyParser: false,
    abortOnError: false,
    forceCloseConnections: true,
  });
  await configureHttp(app);
  try {
    await app.listen(config.port, config.host);
  } catch (error) {
    logger.debug(loggable(error), 'cannot listen');
    await app.close();
    throw describeListenError(error, config.host, config.port);
  }
  return app;
}

async function watched(
  { watch }: OpenArchive,
  { monitoring }: Config,
): Promise<Monitoring | undefined> {
  if (monitoring === undefined) return undefined;
  const { port, host } = monitoring;
  try {
    return await startMonitoring({
      ...{ port, host, registry: watch.metrics.registry, checks: watch.readiness },
    });
  } catch (error) {
    throw describeListenError(error, host, port, 'ROOTCELLAR_MONITORING');
  }
}

/** Until the first administrator exists there is a token; afterwards there must be none. */
async function provideSetupToken(
  opened: OpenArchive,
  token: {
    create(): Promise<string>;
    read(): Promise<string | undefined>;
    remove(): Promise<void>;
  },
): Promise<string | undefined> {
  if (await opened.archive.people.hasAdministrator()) {
    await token.remove();
    return undefined;
  }
  return (await token.read()) ?? (await token.create());
}
