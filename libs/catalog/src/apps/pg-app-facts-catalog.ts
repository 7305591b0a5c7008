import type { AppFactsCatalog, InstalledRecord, NewArtifact } from '@rootcellar/archive';
import { chunkIdFromBytes } from '@rootcellar/model';
import type {
  ArtifactId,
  ChunkId,
  Clock,
  HouseholdId,
  RootId,
  SnapshotId,
} from '@rootcellar/model';
import type { DataSource, EntityManager } from 'typeorm';
import { READ_VERSION, recordInstalled, storeColumns } from '../roots/record-app-facts.js';
import { ArtifactRow, SnapshotRow } from '../rows/root.row.js';
import { firstRow, rows } from '../sql.js';

export class PgAppFactsCatalog implements AppFactsCatalog {
  readonly #source: DataSource;
  readonly #clock: Clock;

  constructor(source: DataSource, clock: Clock) {
    this.#source = source;
    this.#clock = clock;
  }

  async unreadPackages(
    householdId: HouseholdId,
    most: number,
  ): Promise<{ readonly id: ArtifactId; readonly tree: ChunkId; readonly bundleId: string }[]> {
    return withTree(
      await rows<{ id: ArtifactId; tree: Buffer; bundleId: string }>(
        this.#source,
        `select artifact.id, root.tree, app.bundle_id as "bundleId"
          from artifact join root on root.id = artifact.id join app_version on app_version.id = app_version_id
            join app on app.id = app_version.app_id
          where artifact.household_id = $1 and artifact.read_version = 0 order by artifact.id desc limit $2`,
        [householdId, most],
      ),
    );
  }

  async unreadSnapshots(
    householdId: HouseholdId,
    most: number,
  ): Promise<{ readonly id: SnapshotId; readonly tree: ChunkId; readonly udid: string }[]> {
    return withTree(
      await rows<{ id: SnapshotId; tree: Buffer; udid: string }>(
        this.#source,
        `select snapshot.id, root.tree, device.udid
          from snapshot join root on root.id = snapshot.id join device on device.id = device_id
          where snapshot.household_id = $1 and apps_read_version = 0 order by snapshot.id desc limit $2`,
        [householdId, most],
      ),
    );
  }

  async notePackage(
    householdId: HouseholdId,
    id: ArtifactId,
    read: (Pick<NewArtifact, 'store' | 'contents'> & { readonly bundleId: string }) | undefined,
  ): Promise<void> {
    await this.#source.transaction(async (tx) => {
      if (!(await stays(tx, id))) return;
      const household = { householdId, clock: this.#clock };
      const found = read && {
        ...(await storeColumns(tx, household, read)),
        contents: read.contents ?? null,
      };
      await tx.update(ArtifactRow, { id }, { ...found, readVersion: READ_VERSION });
    });
  }

  async noteSnapshot(
    householdId: HouseholdId,
    snapshotId: SnapshotId,
    installed: readonly InstalledRecord[] | undefined,
  ): Promise<void> {
    await this.#source.transaction(async (tx) => {
      if (!(await stays(tx, snapshotId))) return;
      if (installed !== undefined) {
        const household = { householdId, clock: this.#clock };
        await recordInstalled(tx, household, { snapshotId, apps: installed });
      }
      await tx.update(SnapshotRow, { id: snapshotId }, { appsReadVersion: READ_VERSION });
    });
  }
}

/** Held until the transaction ends: nobody collects it meanwhile. */
async function stays(tx: EntityManager, id: RootId): Promise<boolean> {
  return (
    (await firstRow(tx, 'select id from root where id = $1 for key share', [id])) !== undefined
  );
}

function withTree<Row extends { readonly tree: Buffer }>(
  found: readonly Row[],
): (Omit<Row, 'tree'> & { readonly tree: ChunkId })[] {
  return found.map((row) => ({ ...row, tree: chunkIdFromBytes(row.tree) }));
}
