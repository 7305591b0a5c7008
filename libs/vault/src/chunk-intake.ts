import type { ChunkId, UploadId } from '@rootcellar/model';
import { ArchiveError, chunkIdFromBytes } from '@rootcellar/model';
import { readChunkFrames } from '@rootcellar/chunking';
import type { Announcement, AssemblerParts } from './pack-assembler.js';
import { PackAssembler } from './pack-assembler.js';
import { INDEX_BATCH } from './chunk-index.js';
import type { ProvenChunks } from './chunk-index.js';
import { FRAME } from './frame-use.js';
import { PACK_TYPE } from './pack-format.js';

/** What one upload body brought. */
export interface IntakeReceipt {
  /** Bytes of the body. */
  readonly sentBytes: number;
  readonly chunks: number;
  /** Chunks that were not stored before. */
  readonly newChunks: number;
  /** Plain bytes of the new chunks. */
  readonly newBytes: number;
  /** Bytes they take in the pack. */
  readonly storedBytes: number;
  /** Chunks of the body that were not proven before, and are now. Empty when nobody asks for proof. */
  readonly shown: readonly ChunkId[];
  /** Their plain bytes. */
  readonly shownBytes: number;
}

/** Reads a body into memory it is given; @returns its bytes. */
export type FillBody = (memory: Uint8Array<SharedArrayBuffer>) => Promise<number>;

/** Takes chunk frames from agents: checks, seals, packs, and answers when they are durable. */
export class ChunkIntake {
  readonly #parts: AssemblerParts;
  readonly #assembler: PackAssembler;

  constructor(parts: AssemblerParts) {
    this.#parts = parts;
    this.#assembler = new PackAssembler(parts, PACK_TYPE.data);
  }

  /**
   * What the body brings that is stored already, and that the sender has not proven to have, is checked like what is new: from then on it
   * has shown it.
   *
   * Waits for memory, then reads and keeps one body of frames (docs/protocol.md). A body is announced before its bytes have come,
   * so that a pack waits for what is already on the way.
   * @throws ArchiveError PROTOCOL_BROKEN, CHUNK_DIGEST_MISMATCH, STORAGE_FULL, OBJECT_STORE_UNAVAILABLE: nothing of the body is acknowledged
   */
  async receive(fill: FillBody, holder: UploadId, proven?: ProvenChunks): Promise<IntakeReceipt> {
    const slab = await this.#parts.crew.bodies.take();
    const announced = this.#assembler.announce();
    try {
      return await this.#keep(new Uint8Array(slab.memory), fill, { holder, announced, proven });
    } finally {
      announced.cancel();
      slab.giveBack();
    }
  }

  async #keep(
    memory: Uint8Array<SharedArrayBuffer>,
    fill: FillBody,
    upload: {
      readonly holder: UploadId;
      readonly announced: Announcement;
      readonly proven: ProvenChunks | undefined;
    },
  ): Promise<IntakeReceipt> {
    const { crew, householdKey } = this.#parts;
    const sentBytes = await fill(memory);
    const body = memory.subarray(0, sentBytes);
    const frames = headsOf(body);
    const chunks = frames.ids.length;
    const skip = await this.#whatToDo(frames.ids, upload);
    const newChunks = skip.filter((use) => use === FRAME.seal).length;
    const shown =
      upload.proven === undefined ? [] : frames.ids.filter((_, at) => skip[at] !== FRAME.leaveOut);
    const bytesOf = (wanted: (use: number | undefined) => boolean): number =>
      frames.lengths.reduce((sum, length, at) => sum + (wanted(skip[at]) ? length : 0), 0);
    const shownBytes = shown.length === 0 ? 0 : bytesOf((use) => use !== FRAME.leaveOut);
    const none = { newBytes: 0, storedBytes: 0 };
    const receipt = { sentBytes, chunks, newChunks, ...none, shown, shownBytes };
    if (newChunks === 0 && shown.length === 0) return receipt;
    const batch = await crew.run('sealFrames', { householdKey, body, skip });
    if (newChunks === 0) return receipt;
    await upload.announced.add(batch, upload.holder);
    const newBytes = bytesOf((use) => use === FRAME.seal);
    return { ...receipt, newBytes, storedBytes: batch.sealed.length };
  }

  /**
   * {@link FRAME} by position. A chunk need not be stored when a live pack has it, or it stands in this body already; when the sender has
   * not proven to have it, its bytes are checked all the same.
   */
  async #whatToDo(
    ids: readonly ChunkId[],
    upload: { readonly holder: UploadId; readonly proven: ProvenChunks | undefined },
  ): Promise<Uint8Array> {
    const { holder, proven } = upload;
    const skip = new Uint8Array(ids.length);
    for (let from = 0; from < ids.length; from += INDEX_BATCH) {
      const some = ids.slice(from, from + INDEX_BATCH);
      const held = await this.#parts.index.pinNumbered(some, holder);
      held.forEach((ordinal, at) => {
        if (ordinal === undefined) return;
        skip[from + at] = (proven?.has(ordinal) ?? true) ? FRAME.leaveOut : FRAME.checkOnly;
      });
    }
    const seen = new Set<ChunkId>();
    for (const [at, id] of ids.entries()) {
      if (seen.has(id)) skip[at] = FRAME.leaveOut;
      seen.add(id);
    }
    return skip;
  }
}

function headsOf(body: Uint8Array): { readonly ids: ChunkId[]; readonly lengths: number[] } {
  const ids: ChunkId[] = [];
  const lengths: number[] = [];
  for (const frame of readChunkFrames(body)) {
    ids.push(chunkIdFromBytes(frame.id));
    lengths.push(frame.plainLength);
  }
  if (ids.length === 0) throw new ArchiveError('PROTOCOL_BROKEN', 'The message holds no chunk.');
  return { ids, lengths };
}
