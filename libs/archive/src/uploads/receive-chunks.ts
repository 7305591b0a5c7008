import { decodeHaveQuestion, encodeHaveAnswer } from '@rootcellar/chunking';
import type { Clock, UploadId } from '@rootcellar/model';
import type { FillBody } from '@rootcellar/vault';
import type { Actor } from '../ports/people-catalog.js';
import type { Upload, UploadCatalog, UploadProgress } from '../ports/upload-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import { notOpen, openUploadOf } from './own-upload.js';
import { TrafficNotes } from './traffic-notes.js';

export interface ReceiveParts {
  readonly uploads: UploadCatalog;
  readonly vaults: Vaults;
  readonly clock: Clock;
}

/** Questions come by the hundred; one in so long is noted as a sign of life. */
const HEARTBEAT_MS = 60_000;
/** Requests of one upload come by the dozen a second. */
const RECENT_MS = 3_000;

/** Have/lack and the chunks themselves. */
export class ReceiveChunks {
  readonly #parts: ReceiveParts;
  readonly #traffic: TrafficNotes;
  #last: { readonly upload: Upload; readonly untilMs: number } | undefined;

  constructor(parts: ReceiveParts) {
    this.#parts = parts;
    this.#traffic = new TrafficNotes(parts.uploads);
  }

  /**
   * @param ids 32 bytes each, 1 … 4096 of them
   * @returns one byte per id: 1 = stored and kept while the upload is open, 0 = send it
   * @throws ArchiveError PROTOCOL_BROKEN, UPLOAD_NOT_OPEN, NOT_FOUND
   */
  async have(actor: Actor, uploadId: UploadId, ids: Uint8Array): Promise<Uint8Array> {
    const wanted = decodeHaveQuestion(ids);
    const upload = await this.#openUpload(actor, uploadId);
    const vault = await this.#parts.vaults.open(upload.householdId);
    const held = await vault.pinHeld(wanted, uploadId);
    const silentMs = this.#parts.clock.now().getTime() - upload.heartbeatAt.getTime();
    if (silentMs > HEARTBEAT_MS)
      await this.#note(uploadId, { sentBytes: 0, newBytes: 0, storedBytes: 0 });
    return encodeHaveAnswer(held);
  }

  /**
   * @param body reads the whole body, chunk frames of docs/protocol.md, into memory it is given
   * @throws ArchiveError PROTOCOL_BROKEN, CHUNK_DIGEST_MISMATCH, STORAGE_FULL …: nothing of the body is acknowledged
   */
  async receive(
    actor: Actor,
    uploadId: UploadId,
    body: FillBody,
  ): Promise<{ chunks: number; newBytes: number }> {
    const upload = await this.#openUpload(actor, uploadId);
    const vault = await this.#parts.vaults.open(upload.householdId);
    const receipt = await vault.intake.receive(body, uploadId);
    await this.#note(uploadId, receipt);
    return { chunks: receipt.chunks, newBytes: receipt.newBytes };
  }

  /**
   * Whose upload it is never changes; that it is open still, the catalog makes sure of where it counts: nothing is pinned for an
   * upload that has ended, and noting its traffic fails.
   */
  async #openUpload(actor: Actor, id: UploadId): Promise<Upload> {
    const now = this.#parts.clock.monotonicMs();
    const { upload, untilMs } = this.#last ?? { untilMs: 0 };
    if (upload?.id === id && upload.memberId === actor.memberId && now < untilMs) return upload;
    const found = await openUploadOf(this.#parts.uploads, actor, id);
    this.#last = { upload: found, untilMs: now + RECENT_MS };
    return found;
  }

  async #note(uploadId: UploadId, progress: UploadProgress): Promise<void> {
    if (!(await this.#traffic.note(uploadId, progress))) throw notOpen();
  }
}
