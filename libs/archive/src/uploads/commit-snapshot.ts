import type { EntryRecord } from '@rootcellar/chunking';
import type { BackupFacts } from '@rootcellar/ios';
import { ArchiveError, newId } from '@rootcellar/model';
import type { ChunkId, Clock, DeviceId, SnapshotId, UploadId } from '@rootcellar/model';
import type { HouseholdVault, WrittenRoot, WrittenTree } from '@rootcellar/vault';
import type { Actor } from '../ports/people-catalog.js';
import type { NewSnapshot, RootCatalog } from '../ports/root-catalog.js';
import type { SpaceCatalog } from '../ports/space-catalog.js';
import type { Declared, Upload, UploadCatalog } from '../ports/upload-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import type { ChunkProofs, UploadProof } from './chunk-proofs.js';
import { commitCounted } from './commit-counted.js';
import { deviceToPush } from './device-to-push.js';
import { notOpen } from './own-upload.js';
import { installedRecord, readStoredFacts } from './read-stored-facts.js';
import { toldStoredBytes } from './told-stored-bytes.js';
import { writeEntries } from './write-entries.js';

/** What the sender found that the bytes alone do not tell. */
export interface SnapshotClaims {
  /** Files that Manifest.db lists and the folder lacks. */
  readonly missingFiles: number;
  /** Files that do not match Apple's Digest. */
  readonly damagedFiles: number;
}

export interface CommittedSnapshot {
  readonly status: 'committed';
  readonly snapshotId: SnapshotId;
  readonly deviceId: DeviceId;
  readonly files: number;
  readonly logicalBytes: number;
  readonly newBytes: number;
  readonly storedBytes: number;
}

/** The vault lacks these chunks: send them, then commit again. */
export interface MissingChunks {
  readonly status: 'missing';
  readonly chunkIds: readonly ChunkId[];
}

export interface CommitParts {
  readonly uploads: UploadCatalog;
  readonly roots: RootCatalog;
  readonly vaults: Vaults;
  readonly clock: Clock;
  readonly proofs: ChunkProofs;
  readonly space: Pick<SpaceCatalog, 'weights'>;
  /** The snapshot an upload became, for a sender that did not hear the answer. */
  readonly committed: { snapshot(upload: Upload): Promise<CommittedSnapshot> };
}

type SnapshotUpload = Upload & { readonly declared: Extract<Declared, { kind: 'snapshot' }> };

/** Makes a snapshot of an upload: builds its tree from the entries, reads who it is of, commits. */
export class CommitSnapshot {
  readonly #parts: CommitParts;

  constructor(parts: CommitParts) {
    this.#parts = parts;
  }

  /**
   * Committing twice gives the same snapshot.
   * @throws ArchiveError UPLOAD_NOT_OPEN, UPLOAD_ENTRIES_INVALID, UPLOAD_OTHER_DEVICE, FORBIDDEN, PROTOCOL_BROKEN, BACKUP_PLIST_DAMAGED …
   */
  async execute(
    actor: Actor,
    upload: SnapshotUpload,
    entries: AsyncIterable<EntryRecord>,
    claims: SnapshotClaims,
  ): Promise<CommittedSnapshot | MissingChunks> {
    const { uploads, vaults, committed } = this.#parts;
    const { declared } = upload;
    if (upload.state === 'committed') return committed.snapshot(upload);
    if (upload.state !== 'open') throw notOpen();

    const vault = await vaults.open(upload.householdId);
    const proof = await this.#parts.proofs.certain(upload);
    using root = vault.writeRoot(upload.id, proof);
    const files = await writeEntries(root, entries);
    const tree = await root.finishTree();
    if (root.missing.size > 0) return await missingChunks(uploads, upload.id, root.missing);

    const facts = await readStoredFacts(vault, tree.root, declared.udid);
    if (facts.udid !== declared.udid) {
      throw new ArchiveError(
        'UPLOAD_OTHER_DEVICE',
        'The backup is of another device than the upload was opened for.',
      );
    }
    const { ownerId } = await deviceToPush(uploads, actor, declared);
    const snapshot = {
      ...describe(newId<SnapshotId>(this.#parts.clock), facts, { ...claims, files }),
      deviceOwner: ownerId,
    };
    const written = await root.finish(this.#manifest(upload, snapshot, tree));
    return await this.#commit(vault, upload, { snapshot, tree, written, proof });
  }

  async #commit(
    vault: HouseholdVault,
    upload: Upload,
    made: {
      readonly snapshot: NewSnapshot;
      readonly tree: WrittenTree;
      readonly written: WrittenRoot;
      readonly proof: UploadProof;
    },
  ): Promise<CommittedSnapshot> {
    const { snapshot, tree, written, proof } = made;
    const fresh = await this.#parts.uploads.find(upload.id);
    // An upload that went on may have brought what the backup does not have any more.
    const newBytes = Math.min(fresh?.newBytes ?? upload.newBytes, tree.bytes);
    const storedBytes = await toldStoredBytes(this.#parts, {
      upload: fresh ?? upload,
      written,
      proof,
    });
    const result = await commitCounted(vault, { tree: tree.root, written }, async (needs) =>
      this.#parts.roots.commitSnapshot(
        {
          id: snapshot.id,
          uploadId: upload.id,
          householdId: upload.householdId,
          // Not whoever pushed it.
          memberId: snapshot.deviceOwner ?? upload.memberId,
          ...(snapshot.deviceOwner === undefined ? { householdWide: true } : {}),
          manifest: written.manifest,
          tree: tree.root,
          entries: tree.entries,
          bytes: tree.bytes,
          newBytes,
          storedBytes,
          needs,
        },
        snapshot,
      ),
    );
    return {
      status: 'committed',
      snapshotId: snapshot.id,
      deviceId: result.deviceId,
      files: snapshot.files,
      logicalBytes: tree.bytes,
      newBytes,
      storedBytes,
    };
  }

  /** docs/format.md, Root manifests. */
  #manifest(upload: Upload, snapshot: NewSnapshot, tree: WrittenTree): Record<string, unknown> {
    const { device, takenAt, encrypted, complete, missingFiles, damagedFiles, buildVersion } =
      snapshot;
    return {
      v: 1,
      id: snapshot.id,
      kind: 'snapshot',
      household: upload.householdId,
      member: snapshot.deviceOwner ?? upload.memberId,
      created: this.#parts.clock.now().getTime(),
      tree: Buffer.from(tree.root, 'hex'),
      entries: tree.entries,
      bytes: tree.bytes,
      facts: withoutUndefined({
        udid: device.udid,
        deviceName: device.name,
        productType: device.productType,
        productVersion: device.productVersion,
        buildVersion,
        takenAt: takenAt?.getTime(),
        encrypted,
        complete,
        missingFiles,
        damagedFiles,
      }),
    };
  }
}

/** Of an upload that has ended everything is missing: it keeps nothing. @throws ArchiveError UPLOAD_NOT_OPEN */
export async function missingChunks(
  uploads: UploadCatalog,
  id: UploadId,
  missing: Iterable<ChunkId>,
): Promise<MissingChunks> {
  if ((await uploads.find(id))?.state !== 'open') throw notOpen();
  return { status: 'missing', chunkIds: [...missing] };
}

export function withoutUndefined(map: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(map).filter(([, value]) => value !== undefined));
}

function describe(
  id: SnapshotId,
  facts: BackupFacts,
  found: SnapshotClaims & { readonly files: number },
): Omit<NewSnapshot, 'deviceOwner'> {
  return {
    id,
    device: {
      udid: facts.udid,
      name: facts.deviceName,
      productType: facts.productType,
      productVersion: facts.productVersion,
    },
    takenAt: facts.takenAt,
    files: found.files,
    encrypted: facts.encrypted,
    complete: facts.finished && found.missingFiles === 0 && found.damagedFiles === 0,
    missingFiles: found.missingFiles,
    damagedFiles: found.damagedFiles,
    buildVersion: facts.buildVersion,
    installed: facts.installedApps.map(installedRecord),
  };
}
