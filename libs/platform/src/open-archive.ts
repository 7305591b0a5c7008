import { statfs } from 'node:fs/promises';
import type { SetupToken } from '@rootcellar/archive';
import { PgRetentionCatalog, migrate, openDatabase } from '@rootcellar/catalog';
import type { Database, DatabaseSettings } from '@rootcellar/catalog';
import { BullJobQueue, queueConnection } from '@rootcellar/jobs';
import type { QueueConnection } from '@rootcellar/jobs';
import type { Clock } from '@rootcellar/model';
import { observedObjectStore, openFsObjectStore } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import { Crew, openVaultMarker } from '@rootcellar/vault';
import { composeArchive } from './archive-parts.js';
import type { Archive, UpkeepSettings } from './archive-parts.js';
import { FileScratch } from './file-scratch.js';
import { createMetrics } from './metrics/metrics.js';
import { composeWatch } from './watch/watch.js';
import type { Watch } from './watch/watch.js';

export interface ArchiveSettings {
  readonly database: Omit<DatabaseSettings, 'poolSize'>;
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
  /** Without it: from 2 to 6 at night, a day of grace. */
  readonly upkeep?: Partial<Omit<UpkeepSettings, 'freeBytes'>>;
}

export interface OpenArchive {
  readonly archive: Archive;
  readonly database: Database;
  readonly queue: BullJobQueue;
  readonly queueConnection: QueueConnection;
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

/** Opens the adapters of the embedded default, brings the schema up to date, wires the use cases. */
export async function openArchive(settings: ArchiveSettings): Promise<OpenArchive> {
  await using opened = new AsyncDisposableStack();
  const database = await openDatabase({ ...settings.database, poolSize: POOL_SIZE });
  opened.defer(async () => database.destroy());
  await migrate(database);
  const { masterKey, setupToken, clock } = settings;
  const metrics = createMetrics();
  const objects = observedObjectStore(
    typeof settings.objects === 'string'
      ? await openFsObjectStore(settings.objects)
      : settings.objects,
    { clock, onCall: metrics.objects.observe },
  );
  await openVaultMarker(objects);
  const crew = new Crew(settings.threads);
  opened.defer(async () => crew.close());
  const connection = queueConnection(settings.database);
  const queue = new BullJobQueue(connection);
  opened.defer(async () => queue.close());
  const scratch = await FileScratch.open(settings.scratchFolder, clock);
  const archive = composeArchive({
    database,
    objects,
    jobs: queue,
    scratch,
    setupToken,
    crew,
    clock,
    masterKey,
    upkeep: {
      window: { from: 120, to: 360 },
      graceSeconds: 86_400,
      ...settings.upkeep,
      freeBytes: freeBytesOf(settings.objects),
    },
  });
  const watch = composeWatch({
    ...{ database, objects, queue, metrics, clock, masterKey, vaults: archive.vaults },
    objectsFolder: typeof settings.objects === 'string' ? settings.objects : undefined,
    scratchFolder: settings.scratchFolder,
    masterKeyFile: settings.masterKeyFile,
    upkeep: new PgRetentionCatalog(database, clock),
    freeBytes: freeBytesOf(settings.objects),
  });
  const closing = opened.move();
  return {
    archive,
    database,
    queue,
    queueConnection: connection,
    watch,
    close: async () => closing.disposeAsync(),
  };
}
