import type { ChunkId, UploadId } from '@rootcellar/model';
import { ArchiveError, chunkIdFromBytes } from '@rootcellar/model';
import { readChunkFrames } from '@rootcellar/chunking';
import type { AssemblerParts } from './pack-assembler.js';
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

/** Takes chunk frames from agents: checks, seals, packs, and answers when they are durable. */
export class ChunkIntake {
  readonly #parts: AssemblerParts;
  readonly #assembler: PackAssembler;

  constructor(parts: AssemblerParts) {
    this.#parts = parts;
    this.#assembler = new PackAssembler(parts, PACK_TYPE.data);
  }

  /**
   * A body is announced before its bytes have come, so that a pack waits for what is already on the way.
   * @param body resolves to a buffer this call may take; frames as docs/protocol.md has them
   * @throws ArchiveError PROTOCOL_BROKEN, CHUNK_DIGEST_MISMATCH, STORAGE_FULL, OBJECT_STORE_UNAVAILABLE: nothing of the body is acknowledged
   */
  async receive(body: Promise<ArrayBuffer>, holder: UploadId): Promise<IntakeReceipt> {
    this.#assembler.announce();
    let announced = true;
    try {
      const bytes = await body;
      const sentBytes = bytes.byteLength;
      const frames = headsOf(bytes);
      const skip = await this.#held(frames.ids, holder);
      const lacking = skip.filter((held) => held === 0).length;
      if (lacking === 0)
        return { sentBytes, chunks: frames.ids.length, newChunks: 0, newBytes: 0, storedBytes: 0 };
      const batch = await this.#parts.crew.run(
        'sealFrames',
        { householdKey: this.#parts.householdKey, body: bytes, skip },
        [bytes],
      );
      const storedBytes = batch.sealed.byteLength;
      announced = false;
      await this.#assembler.add(batch, holder);
      const newBytes = frames.lengths.reduce(
        (sum, length, at) => sum + (skip[at] === 0 ? length : 0),
        0,
      );
      return { sentBytes, chunks: frames.ids.length, newChunks: lacking, newBytes, storedBytes };
    } finally {
      if (announced) this.#assembler.cancel();
    }
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

function headsOf(body: ArrayBuffer): { readonly ids: ChunkId[]; readonly lengths: number[] } {
  const ids: ChunkId[] = [];
  const lengths: number[] = [];
  for (const frame of readChunkFrames(new Uint8Array(body))) {
    ids.push(chunkIdFromBytes(frame.id));
    lengths.push(frame.plainLength);
  }
  if (ids.length === 0) throw new ArchiveError('PROTOCOL_BROKEN', 'The message holds no chunk.');
  return { ids, lengths };
}
