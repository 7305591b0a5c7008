import type { ChunkId, UploadId } from '@rootcellar/model';
import { ArchiveError, chunkIdFromBytes } from '@rootcellar/model';
import { readChunkFrames } from '@rootcellar/chunking';
import type { Announcement, AssemblerParts } from './pack-assembler.js';
import { PackAssembler } from './pack-assembler.js';
import { INDEX_BATCH } from './chunk-index.js';
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
   * Waits for memory, then reads and keeps one body of frames (docs/protocol.md). A body is announced before its bytes have come,
   * so that a pack waits for what is already on the way.
   * @throws ArchiveError PROTOCOL_BROKEN, CHUNK_DIGEST_MISMATCH, STORAGE_FULL, OBJECT_STORE_UNAVAILABLE: nothing of the body is acknowledged
   */
  async receive(fill: FillBody, holder: UploadId): Promise<IntakeReceipt> {
    const slab = await this.#parts.crew.bodies.take();
    const announced = this.#assembler.announce();
    try {
      return await this.#keep(new Uint8Array(slab.memory), fill, { holder, announced });
    } finally {
      announced.cancel();
      slab.giveBack();
    }
  }

  async #keep(
    memory: Uint8Array<SharedArrayBuffer>,
    fill: FillBody,
    upload: { readonly holder: UploadId; readonly announced: Announcement },
  ): Promise<IntakeReceipt> {
    const { crew, householdKey } = this.#parts;
    const sentBytes = await fill(memory);
    const body = memory.subarray(0, sentBytes);
    const frames = headsOf(body);
    const chunks = frames.ids.length;
    const skip = await this.#held(frames.ids, upload.holder);
    const newChunks = skip.filter((held) => held === 0).length;
    if (newChunks === 0) return { sentBytes, chunks, newChunks, newBytes: 0, storedBytes: 0 };
    const batch = await crew.run('sealFrames', { householdKey, body, skip });
    await upload.announced.add(batch, upload.holder);
    const newBytes = frames.lengths.reduce(
      (sum, length, at) => sum + (skip[at] === 0 ? length : 0),
      0,
    );
    return { sentBytes, chunks, newChunks, newBytes, storedBytes: batch.sealed.length };
  }

  /** 1 for every chunk that need not be stored: a live pack has it, or it stands in this body already. */
  async #held(ids: readonly ChunkId[], holder: UploadId): Promise<Uint8Array> {
    const skip = new Uint8Array(ids.length);
    const seen = new Set<ChunkId>();
    for (const [at, id] of ids.entries()) {
      if (seen.has(id)) skip[at] = 1;
      seen.add(id);
    }
    for (let from = 0; from < ids.length; from += INDEX_BATCH) {
      const held = await this.#parts.index.pinHeld(ids.slice(from, from + INDEX_BATCH), holder);
      held.forEach((is, at) => {
        if (is) skip[from + at] = 1;
      });
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
