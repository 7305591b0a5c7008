import { decodeHaveQuestion, encodeHaveAnswer } from '@rootcellar/chunking';
import type { ChunkId, Clock, UploadId } from '@rootcellar/model';
import { INDEX_BATCH } from '@rootcellar/vault';
import type { FillBody, HouseholdVault } from '@rootcellar/vault';
import type { Actor } from '../ports/people-catalog.js';
import type {
  Upload,
  UploadCatalog,
  UploadProgress,
  UploadTotals,
} from '../ports/upload-catalog.js';
import type { Vaults } from '../ports/vaults.js';
import type { QuotaGate } from '../quotas/quota-gate.js';
import { shownSet } from './chunk-proofs.js';
import type { ChunkProofs } from './chunk-proofs.js';
import { notOpen, openUploadOf } from './own-upload.js';
import { TrafficNotes } from './traffic-notes.js';

export interface ReceiveParts {
  readonly uploads: UploadCatalog;
  readonly vaults: Vaults;
  readonly clock: Clock;
  readonly proofs: ChunkProofs;
  readonly quotas: QuotaGate;
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
   * Tells of what the member proved to have, and nothing of what others stored.
   * @returns one byte per id: 1 = stored and kept while the upload is open, 0 = send it
   * @throws ArchiveError PROTOCOL_BROKEN, UPLOAD_NOT_OPEN, NOT_FOUND
   */
  async have(actor: Actor, uploadId: UploadId, ids: Uint8Array): Promise<Uint8Array> {
    const wanted = decodeHaveQuestion(ids);
    const upload = await this.#openUpload(actor, uploadId);
    const vault = await this.#parts.vaults.open(upload.householdId);
    const ordinals = await vault.pinNumbered(wanted, uploadId);
    const held = await this.#proven(upload, ordinals);
    const silentMs = this.#parts.clock.now().getTime() - upload.heartbeatAt.getTime();
    if (silentMs > HEARTBEAT_MS)
      await this.#note(uploadId, { sentBytes: 0, newBytes: 0, storedBytes: 0 });
    return encodeHaveAnswer(held);
  }

  /**
   * @param body reads the whole body, chunk frames of docs/protocol.md, into memory it is given
   * @throws ArchiveError PROTOCOL_BROKEN, CHUNK_DIGEST_MISMATCH, STORAGE_FULL, QUOTA_EXCEEDED …: nothing of the body is acknowledged
   */
  async receive(
    actor: Actor,
    uploadId: UploadId,
    body: FillBody,
  ): Promise<{ chunks: number; newBytes: number }> {
    const upload = await this.#openUpload(actor, uploadId);
    if (await this.#parts.quotas.extend(upload)) this.#last = undefined;
    const vault = await this.#parts.vaults.open(upload.householdId);
    const proof = await this.#parts.proofs.forBody(upload);
    const receipt = await vault.intake.receive(body, uploadId, proof);
    const newBytes = proof?.dedupByMember === true ? receipt.shownBytes : receipt.newBytes;
    const shown = await shownOrdinals(vault, uploadId, receipt.shown);
    const totals = await this.#note(uploadId, {
      ...{ sentBytes: receipt.sentBytes, newBytes, storedBytes: receipt.storedBytes },
      shown: shown.length > 0 ? [shownSet(shown)] : [],
    });
    if (await this.#parts.quotas.extend({ ...upload, ...totals })) this.#last = undefined;
    return { chunks: receipt.chunks, newBytes };
  }

  async #proven(upload: Upload, ordinals: readonly (number | undefined)[]): Promise<boolean[]> {
    const proof = await this.#parts.proofs.recent(upload);
    const unproven = ordinals.some((ordinal) => ordinal !== undefined && !proof.has(ordinal));
    if (unproven) await proof.lookAgain();
    return ordinals.map((ordinal) => ordinal !== undefined && proof.has(ordinal));
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

  async #note(uploadId: UploadId, progress: UploadProgress): Promise<UploadTotals> {
    const totals = await this.#traffic.note(uploadId, progress);
    if (totals === undefined) throw notOpen();
    return totals;
  }
}

/** The numbers of what a body showed; what another collection took meanwhile is sent again. */
async function shownOrdinals(
  vault: HouseholdVault,
  uploadId: UploadId,
  ids: readonly ChunkId[],
): Promise<number[]> {
  const ordinals: number[] = [];
  for (let from = 0; from < ids.length; from += INDEX_BATCH) {
    const some = await vault.pinNumbered(ids.slice(from, from + INDEX_BATCH), uploadId);
    for (const ordinal of some) if (ordinal !== undefined) ordinals.push(ordinal);
  }
  return ordinals;
}
