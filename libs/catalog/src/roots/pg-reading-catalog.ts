import type {
  CommittedSnapshot,
  Membership,
  ReadableArtifact,
  ReadableSnapshot,
  ReadingCatalog,
  Upload,
} from '@rootcellar/archive';
import { ArchiveError, chunkIdFromBytes } from '@rootcellar/model';
import type { ArtifactId, SnapshotId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { readableRoots } from '../gate/readable-roots.sql.js';
import { firstRow, rows } from '../sql.js';

type Raw<T> = Omit<T, 'tree' | 'bytes' | 'sha256' | 'size'> & {
  readonly tree: Buffer;
  readonly bytes: string;
};

const READABLE = readableRoots({ household: '$1', member: '$2' });

export class PgReadingCatalog implements ReadingCatalog {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async findSnapshot(
    { householdId, memberId }: Membership,
    id: SnapshotId,
  ): Promise<ReadableSnapshot | undefined> {
    const row = await firstRow<
      Omit<Raw<ReadableSnapshot>, 'only'> & { readonly only: readonly string[] | null }
    >(
      this.#source,
      `select root.id, root.household_id as "householdId", root.member_id as "ownerId", root.tree, root.bytes,
          device.udid, snapshot.encrypted, lent_apps as only, array(
            select bundle_id from installed_app where snapshot_id = snapshot.id and lent_apps is not null) as installed
        from snapshot join ${READABLE} as root on root.id = snapshot.id join device on device.id = snapshot.device_id
        where snapshot.id = $3`,
      [householdId, memberId, id],
    );
    return row === undefined
      ? undefined
      : {
          ...row,
          tree: chunkIdFromBytes(row.tree),
          bytes: Number(row.bytes),
          only: row.only ?? undefined,
        };
  }

  async findArtifact(
    { householdId, memberId }: Membership,
    id: ArtifactId,
  ): Promise<ReadableArtifact | undefined> {
    const row = await firstRow<
      Raw<ReadableArtifact> & { readonly sha256: Buffer; readonly size: string }
    >(
      this.#source,
      `select root.id, root.household_id as "householdId", root.member_id as "ownerId", root.tree, root.bytes,
          artifact.file_name as "fileName", artifact.sha256, artifact.size
        from artifact join ${READABLE} as root on root.id = artifact.id
        where artifact.id = $3`,
      [householdId, memberId, id],
    );
    if (row === undefined) return undefined;
    return {
      ...row,
      tree: chunkIdFromBytes(row.tree),
      bytes: Number(row.bytes),
      sha256: row.sha256.toString('hex'),
      size: Number(row.size),
    };
  }

  async keptApps(
    { householdId, memberId }: Membership,
    bundleIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const found = await rows<{ bundleId: string }>(
      this.#source,
      `select distinct bundle_id as "bundleId"
        from app join app_version on app_version.app_id = app.id join artifact on artifact.app_version_id = app_version.id
          join ${READABLE} as root on root.id = artifact.id and forgotten_at is null
        where app.household_id = $1 and bundle_id = any($3)`,
      [householdId, memberId, bundleIds],
    );
    return new Set(found.map(({ bundleId }) => bundleId));
  }

  /** What an upload became, for a sender that did not hear the answer to its commit. */
  async snapshot(upload: Upload): Promise<CommittedSnapshot> {
    const row = await firstRow<
      Record<'files' | 'bytes' | 'newBytes' | 'storedBytes', string> &
        Pick<CommittedSnapshot, 'snapshotId' | 'deviceId'>
    >(
      this.#source,
      `select snapshot.id as "snapshotId", device_id as "deviceId", files, bytes, new_bytes as "newBytes", stored_bytes as "storedBytes"
        from snapshot join root on root.id = snapshot.id where snapshot.id = $1`,
      [upload.rootId],
    );
    if (row === undefined)
      throw new ArchiveError('NOT_FOUND', 'The snapshot of this upload is gone.');
    return {
      status: 'committed',
      snapshotId: row.snapshotId,
      deviceId: row.deviceId,
      files: Number(row.files),
      logicalBytes: Number(row.bytes),
      newBytes: Number(row.newBytes),
      storedBytes: Number(row.storedBytes),
    };
  }
}
