import { join } from 'node:path';
import { addressOf, listen } from '@rootcellar/api';
import { systemClock } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';
import {
  monitored,
  openArchive,
  openBucket,
  openProviders,
  readDatabase,
  readRedis,
} from '@rootcellar/platform';
import type { ArchiveSettings, Config, Logger, OpenArchive } from '@rootcellar/platform';
import { startWorker } from '@rootcellar/worker';
import { openDataFolder } from './data/data-folder.js';
import type { DataFolder } from './data/data-folder.js';
import { startEmbeddedPostgres } from './postgres/embedded-postgres.js';
import type { StartLog } from './start-log.js';

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
 * The whole service in one process: PostgreSQL is embedded, objects are in a folder, jobs on the same database, unless the settings name
 * servers.
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
  const parts = { ...options, clock, log, data };
  const { database, died } = await provideDatabase(parts, started);
  const opened = await openArchive({
    database,
    objects: await provideObjects(parts, started),
    redis: await readRedis(config.servers),
    warn: log.warn,
    scratchFolder: join(data.path, 'scratch'),
    masterKey: data.masterKey,
    masterKeyFile: config.masterKeyFile ?? join(data.path, 'master-key'),
    setupToken: {
      read: async () => data.setupToken.read(),
      spend: async () => data.setupToken.remove(),
    },
    threads: config.threads,
    upkeep: config.upkeep,
    providers: await openProviders(config.provider),
    clock,
  });
  started.defer(async () => opened.close());
  const worker = await startWorker(opened, { logger, concurrency: config.workerConcurrency });
  started.defer(async () => worker.close());
  const monitoring = await monitored(opened.watch, config);
  started.defer(async () => monitoring?.close());
  const app = await listen(opened, config, logger);
  started.defer(async () => app.close());
  const setupToken = await provideSetupToken(opened, data.setupToken);
  const stopping = started.move();
  return {
    ...{ address: addressOf(config), setupToken, dataFolder: data.path, broken: died },
    stop: async () => stopping.disposeAsync(),
  };
}

interface Parts extends ServiceOptions {
  readonly clock: Clock;
  readonly log: StartLog;
  readonly data: DataFolder;
}

/** The server that the settings name, or the embedded one. */
async function provideDatabase(
  { config, data, log, clock, durable }: Parts,
  started: AsyncDisposableStack,
): Promise<{ readonly database: ArchiveSettings['database']; readonly died: Promise<unknown> }> {
  const database = await readDatabase(config.servers);
  if (database !== undefined) return { database, died: Promise.withResolvers<never>().promise };
  const postgres = await startEmbeddedPostgres({
    ...{ folder: data.postgres, log, clock },
    ...(durable === undefined ? {} : { durable }),
  });
  started.defer(async () => postgres.stop());
  const { poolSize } = config.servers;
  return { database: { ...postgres.connection, poolSize }, died: postgres.died };
}

/** The bucket that the settings name, or a folder. */
async function provideObjects(
  { config, data, clock }: Parts,
  started: AsyncDisposableStack,
): Promise<ArchiveSettings['objects']> {
  const bucket = await openBucket(config.servers, clock);
  if (bucket === undefined) return join(data.path, 'objects');
  started.defer(() => bucket.close());
  return bucket;
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
