import { statfs } from 'node:fs/promises';
import type { JobRequests, MaintenanceLocks, SetupToken } from '@rootcellar/archive';
import {
  PgHouseholdChanges,
  PgJobRequests,
  PgMaintenanceLocks,
  migrate,
  openDatabase,
} from '@rootcellar/catalog';
import type { Database, DatabaseSettings } from '@rootcellar/catalog';
import { BullJobQueue, checkRedis, queueConnection, redisConnection } from '@rootcellar/jobs';
import type { QueueConnection, RedisSettings } from '@rootcellar/jobs';
import type { Clock } from '@rootcellar/model';
import { openFsObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { Crew, openVaultMarker } from '@rootcellar/vault';
import { composeArchive } from './archive-parts.js';
import type { Archive, UpkeepSettings } from './archive-parts.js';
import { FileScratch } from './file-scratch.js';

export interface ArchiveSettings {
  readonly database: Omit<DatabaseSettings, 'poolSize'>;
  /** Where the queue of jobs is kept; in the database without it. */
  readonly redis?: RedisSettings | undefined;
  /** Hears what works and is not as it should be. */
  readonly warn?: (text: string) => void;
  /** A folder for the file system adapter, or a store that is open already. */
  readonly objects: string | DeletableObjectStore;
  /** Emptied at every start. */
  readonly scratchFolder: string;
  readonly masterKey: Uint8Array;
  readonly setupToken: SetupToken;
  /** One per core, at most 8, without it. */
  readonly threads: number | undefined;
  readonly clock: Clock;
  /** Without it: from 2 to 6 at night, a day of grace, a minute for uploads. */
  readonly upkeep?: Partial<Omit<UpkeepSettings, 'freeBytes'>>;
}

export interface OpenArchive {
  readonly archive: Archive;
  readonly database: Database;
  readonly queue: BullJobQueue;
  readonly queueConnection: QueueConnection;
  /** What a worker needs beside the queue. */
  readonly jobRequests: JobRequests;
  readonly maintenanceLocks: MaintenanceLocks;
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

/** Opens the adapters of the embedded default, brings the schema up to date, wires the use cases. */
export async function openArchive(settings: ArchiveSettings): Promise<OpenArchive> {
  await using opened = new AsyncDisposableStack();
  const database = await openDatabase({ ...settings.database, poolSize: POOL_SIZE });
  opened.defer(async () => database.destroy());
  await migrate(database);
  const objects =
    typeof settings.objects === 'string'
      ? await openFsObjectStore(settings.objects)
      : settings.objects;
  await openVaultMarker(objects);
  const crew = new Crew(settings.threads);
  opened.defer(async () => crew.close());
  const connection = await connectQueue(settings);
  const { masterKey, setupToken, clock } = settings;
  const jobRequests = new PgJobRequests(database, clock);
  const queue = new BullJobQueue(connection, jobRequests);
  opened.defer(async () => queue.close());
  const changes = new PgHouseholdChanges(settings.database);
  opened.defer(async () => changes.close());
  const scratch = await FileScratch.open(settings.scratchFolder, clock);
  const archive = composeArchive({
    database,
    objects,
    jobs: queue,
    changes,
    scratch,
    setupToken,
    crew,
    clock,
    masterKey,
    upkeep: {
      window: { from: 120, to: 360 },
      graceSeconds: 86_400,
      patienceSeconds: 60,
      ...settings.upkeep,
      freeBytes: freeBytesOf(settings.objects),
    },
  });
  const closing = opened.move();
  return {
    archive,
    database,
    queue,
    queueConnection: connection,
    jobRequests,
    maintenanceLocks: new PgMaintenanceLocks(settings.database),
    close: async () => closing.disposeAsync(),
  };
}

async function connectQueue({ database, redis, warn }: ArchiveSettings): Promise<QueueConnection> {
  if (redis === undefined) return queueConnection(database);
  const { warnings } = await checkRedis(redis);
  for (const text of warnings) warn?.(text);
  return redisConnection(redis);
}
