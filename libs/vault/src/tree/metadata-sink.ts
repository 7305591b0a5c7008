import type { ChunkId, UploadId } from '@rootcellar/model';
import { chunkIdToBytes, sha256 } from '@rootcellar/model';
import { INDEX_BATCH } from '../chunk-index.js';
import type { AssemblerParts } from '../pack-assembler.js';
import { PackAssembler } from '../pack-assembler.js';
import { PACK_TYPE } from '../pack-format.js';
import type { ChunkKind } from '../sealed-chunk.js';

interface Pending {
  readonly kind: ChunkKind;
  readonly plain: Uint8Array;
}

const BATCH_BYTES = 4 * 1024 * 1024;

/**
 * Where the chunks that the service itself writes go: lists, tree nodes, manifests. Known ones are not written again.
 * `onHeld` hears of every batch of ids once they are durable.
 */
export class MetadataSink {
  readonly #parts: AssemblerParts;
  readonly #holder: UploadId;
  readonly #onHeld: (ids: readonly ChunkId[]) => Promise<void>;
  readonly #assembler: PackAssembler;
  #pending = new Map<ChunkId, Pending>();
  #pendingBytes = 0;
  #storedBytes = 0;

  constructor(
    parts: AssemblerParts,
    holder: UploadId,
    onHeld: (ids: readonly ChunkId[]) => Promise<void>,
  ) {
    this.#parts = parts;
    this.#holder = holder;
    this.#onHeld = onHeld;
    this.#assembler = new PackAssembler(parts, PACK_TYPE.metadata);
  }

  /** Sealed bytes that were new. */
  get storedBytes(): number {
    return this.#storedBytes;
  }

  async put(kind: ChunkKind, plain: Uint8Array): Promise<ChunkId> {
    const id = sha256(plain);
    if (!this.#pending.has(id)) {
      this.#pending.set(id, { kind, plain });
      this.#pendingBytes += plain.length;
      if (this.#pendingBytes >= BATCH_BYTES || this.#pending.size >= INDEX_BATCH)
        await this.flush();
    }
    return id;
  }

  /** Resolves when everything put so far is durable. */
  async flush(): Promise<void> {
    if (this.#pending.size === 0) return;
    const pending = this.#pending;
    this.#pending = new Map();
    this.#pendingBytes = 0;
    const ids = [...pending.keys()];
    const held = await this.#parts.index.pinHeld(ids, this.#holder);
    const chunks = [...pending]
      .filter((_, at) => held[at] !== true)
      .map(([id, { kind, plain }]) => ({ id: chunkIdToBytes(id), kind, plain }));
    if (chunks.length > 0) {
      const batch = await this.#parts.crew.run('sealMetadata', {
        householdKey: this.#parts.householdKey,
        chunks,
      });
      this.#storedBytes += batch.sealed.length;
      await this.#assembler.announce().add(batch, this.#holder);
    }
    await this.#onHeld(ids);
  }
}
