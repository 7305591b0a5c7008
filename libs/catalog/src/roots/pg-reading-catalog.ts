import type {
  CommittedSnapshot,
  ReadableArtifact,
  ReadableSnapshot,
  ReadingCatalog,
  Upload,
} from '@rootcellar/archive';
import { ArchiveError, chunkIdFromBytes } from '@rootcellar/model';
import type { ArtifactId, HouseholdId, SnapshotId } from '@rootcellar/model';
import type { DataSource } from 'typeorm';
import { firstRow } from '../sql.js';

type Raw<T> = Omit<T, 'tree' | 'bytes' | 'sha256' | 'size'> & {
  readonly tree: Buffer;
  readonly bytes: string;
};

export class PgReadingCatalog implements ReadingCatalog {
  readonly #source: DataSource;

  constructor(source: DataSource) {
    this.#source = source;
  }

  async findSnapshot(
    householdId: HouseholdId,
    id: SnapshotId,
  ): Promise<ReadableSnapshot | undefined> {
    const row = await firstRow<Raw<ReadableSnapshot>>(
      this.#source,
      `select root.id, root.household_id as "householdId", device.owner_id as "ownerId", root.tree, root.bytes,
          device.udid, snapshot.encrypted
        from snapshot join root on root.id = snapshot.id join device on device.id = snapshot.device_id
        where snapshot.id = $2 and snapshot.household_id = $1`,
      [householdId, id],
    );
    return row === undefined
      ? undefined
      : { ...row, tree: chunkIdFromBytes(row.tree), bytes: Number(row.bytes) };
  }

  async findArtifact(
    householdId: HouseholdId,
    id: ArtifactId,
  ): Promise<ReadableArtifact | undefined> {
    const row = await firstRow<
      Raw<ReadableArtifact> & { readonly sha256: Buffer; readonly size: string }
    >(
      this.#source,
      `select root.id, root.household_id as "householdId", root.member_id as "ownerId", root.tree, root.bytes,
          artifact.file_name as "fileName", artifact.sha256, artifact.size
        from artifact join root on root.id = artifact.id
        where artifact.id = $2 and artifact.household_id = $1`,
      [householdId, id],
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
