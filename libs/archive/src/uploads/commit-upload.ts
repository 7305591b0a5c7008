import { readEntryRecords } from '@rootcellar/chunking';
import { isArchiveError } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import type { Actor } from '../ports/people-catalog.js';
import { CommitArtifact } from './commit-artifact.js';
import type { CommittedArtifact } from './commit-artifact.js';
import { CommitSnapshot } from './commit-snapshot.js';
import type {
  CommitParts,
  CommittedSnapshot,
  MissingChunks,
  SnapshotClaims,
} from './commit-snapshot.js';
import { notOpen, ownUpload } from './own-upload.js';

/** Ends an upload: what was sent becomes a snapshot or an artifact, or the sender hears what is lacking. */
export class CommitUpload {
  readonly #parts: CommitParts;
  readonly #snapshot: CommitSnapshot;
  readonly #artifact: CommitArtifact;

  constructor(parts: CommitParts) {
    this.#parts = parts;
    this.#snapshot = new CommitSnapshot(parts);
    this.#artifact = new CommitArtifact(parts);
  }

  /**
   * @param body entry records, docs/protocol.md
   * @throws ArchiveError NOT_FOUND, UPLOAD_NOT_OPEN, UPLOAD_ENTRIES_INVALID, PROTOCOL_BROKEN, and what the backup or package is refused for
   */
  async execute(
    actor: Actor,
    uploadId: UploadId,
    body: AsyncIterable<Uint8Array>,
    claims: SnapshotClaims,
  ): Promise<CommittedSnapshot | CommittedArtifact | MissingChunks> {
    const { uploads } = this.#parts;
    const upload = await ownUpload(uploads, actor, uploadId);
    const entries = readEntryRecords(body);
    try {
      const result = await (upload.declared.kind === 'snapshot'
        ? this.#snapshot.execute(actor, { ...upload, declared: upload.declared }, entries, claims)
        : this.#artifact.execute(upload, upload.declared, entries));
      if (result.status !== 'missing') this.#parts.proofs.committed(upload);
      return result;
    } catch (error) {
      // An upload that expired meanwhile keeps nothing: what it sent may be collected while it is read back.
      if (!isArchiveError(error, 'CHUNK_UNKNOWN', 'CHUNK_DAMAGED', 'OBJECT_NOT_FOUND')) throw error;
      const now = await uploads.find(uploadId);
      throw now?.state === 'open' ? error : notOpen();
    }
  }
}
