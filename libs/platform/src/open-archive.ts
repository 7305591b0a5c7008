import { statfs } from 'node:fs/promises';
import type { JobRequests, MaintenanceLocks, SetupToken } from '@rootcellar/archive';
import {
  PgHouseholdChanges,
  PgJobRequests,
  PgMaintenanceLocks,
  PgRetentionCatalog,
  migrate,
  openDatabase,
  requireSchema,
} from '@rootcellar/catalog';
import type { Database, DatabaseSettings } from '@rootcellar/catalog';
import { BullJobQueue, checkRedis, queueConnection, redisConnection } from '@rootcellar/jobs';
import type { QueueConnection, RedisSettings } from '@rootcellar/jobs';
import type { Clock } from '@rootcellar/model';
import { observedObjectStore, openFsObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { Crew, openVaultMarker } from '@rootcellar/vault';
import { composeArchive } from './compose-archive.js';
import type { Archive, UpkeepSettings } from './archive.js';
import { FileScratch } from './file-scratch.js';
import { createMetrics } from './metrics/metrics.js';
import type { Metrics } from './metrics/metrics.js';
import type { Providers } from './sign-in/open-providers.js';
import { composeWatch } from './watch/watch.js';
import type { Watch } from './watch/watch.js';

export interface ArchiveSettings {
  readonly database: Omit<DatabaseSettings, 'poolSize'> & { readonly poolSize?: number };
  /** Somebody else brings the schema up to date: it is only looked at. */
  readonly migrated?: boolean;
  /** Where the queue of jobs is kept; in the database without it. */
  readonly redis?: RedisSettings | undefined;
  /** Hears what works and is not as it should be. */
  readonly warn?: (text: string) => void;
  /** A folder for the file system adapter, or a store that is open already. */
  readonly objects: string | DeletableObjectStore;
  /** Emptied at every start. */
  readonly scratchFolder: string;
  readonly masterKey: Uint8Array;
  /** Where it was read from, for `admin doctor`. */
  readonly masterKeyFile?: string;
  readonly setupToken: SetupToken;
  /** One per core, at most 8, without it. */
  readonly threads: number | undefined;
  readonly clock: Clock;
  /** Without it: from 2 to 6 at night, a day of grace, a minute for uploads. */
  readonly upkeep?: Partial<Omit<UpkeepSettings, 'freeBytes'>>;
  /** Who else may sign people in; nobody without it. */
  readonly providers?: Providers;
}

export interface OpenArchive {
  readonly archive: Archive;
  readonly database: Database;
  readonly queue: BullJobQueue;
  readonly queueConnection: QueueConnection;
  /** What a worker needs beside the queue. */
  readonly jobRequests: JobRequests;
  readonly maintenanceLocks: MaintenanceLocks;
  readonly watch: Watch;
  close(): Promise<void>;
}

/** Of a folder's disk; of a store that is handed in nobody knows. */
function freeBytesOf(objects: ArchiveSettings['objects']): UpkeepSettings['freeBytes'] {
  return async () => {
    if (typeof objects !== 'string') return undefined;
    const { bavail, bsize } = await statfs(objects);
    return bavail * bsize;
  };
}

const POOL_SIZE = 24;
const UPKEEP = { window: { from: 120, to: 360 }, graceSeconds: 86_400, patienceSeconds: 60 };

/** Opens the adapters, brings the schema up to date, wires the use cases. */
export async function openArchive(settings: ArchiveSettings): Promise<OpenArchive> {
  await using opened = new AsyncDisposableStack();
  const { masterKey, setupToken, clock } = settings;
  const metrics = createMetrics();
  const { database, objects } = await openStores(settings, metrics, opened);
  const crew = new Crew(settings.threads);
  opened.defer(async () => crew.close());
  const connection = await connectQueue(settings);
  const jobRequests = new PgJobRequests(database, clock);
  const queue = new BullJobQueue(connection, jobRequests);
  opened.defer(async () => queue.close());
  const changes = new PgHouseholdChanges(settings.database);
  opened.defer(async () => changes.close());
  const scratch = await FileScratch.open(settings.scratchFolder, clock);
  const freeBytes = freeBytesOf(settings.objects);
  const adapters = { database, objects, jobs: queue, changes, scratch, setupToken };
  const upkeep = { ...UPKEEP, ...settings.upkeep, freeBytes };
  const { providers = { providers: [], groupRoles: [] } } = settings;
  const archive = composeArchive({ ...adapters, crew, clock, masterKey, upkeep, providers });
  const watch = composeWatch({
    ...{
      database,
      objects,
      queue,
      metrics,
      clock,
      masterKey,
      vaults: archive.vaults,
      audit: archive.audit,
    },
    objectsFolder: typeof settings.objects === 'string' ? settings.objects : undefined,
    scratchFolder: settings.scratchFolder,
    masterKeyFile: settings.masterKeyFile,
    upkeep: new PgRetentionCatalog(database, clock),
    freeBytes,
  });
  const closing = opened.move();
  return {
    ...{ archive, database, queue, queueConnection: connection, jobRequests, watch },
    maintenanceLocks: new PgMaintenanceLocks(settings.database),
    close: async () => closing.disposeAsync(),
  };
}

/** What everything lies in: the catalog with a schema that fits, the objects with a vault. */
async function openStores(
  settings: ArchiveSettings,
  metrics: Metrics,
  opened: AsyncDisposableStack,
): Promise<{ readonly database: Database; readonly objects: DeletableObjectStore }> {
  const { poolSize = POOL_SIZE } = settings.database;
  const database = await openDatabase({ ...settings.database, poolSize });
  opened.defer(async () => database.destroy());
  if (settings.migrated ?? false) await requireSchema(database);
  else await migrate(database);
  const store =
    typeof settings.objects === 'string'
      ? await openFsObjectStore(settings.objects)
      : settings.objects;
  const objects = observedObjectStore(store, {
    clock: settings.clock,
    onCall: metrics.objects.observe,
  });
  await openVaultMarker(objects);
  return { database, objects };
}

async function connectQueue({ database, redis, warn }: ArchiveSettings): Promise<QueueConnection> {
  if (redis === undefined) return queueConnection(database);
  const { warnings } = await checkRedis(redis);
  for (const text of warnings) warn?.(text);
  return redisConnection(redis);
}
