import type { ChunkRef } from '@rootcellar/chunking';
import type { ChunkId } from '@rootcellar/model';

/** Six of the largest chunks. */
const MEMORY_BYTES = 24 * 1024 * 1024;

/** Chunks lately read, whichever file they are of: what two packages share is read once. */
export class ChunkMemory {
  /** In order of use, the latest last. */
  readonly #chunks = new Map<
    ChunkId,
    { readonly length: number; readonly bytes: Promise<Uint8Array> }
  >();
  #bytes = 0;

  async get(ref: ChunkRef, read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    const chunk = this.#chunks.get(ref.id) ?? { length: ref.length, bytes: read() };
    this.#forget(ref.id);
    this.#chunks.set(ref.id, chunk);
    this.#bytes += chunk.length;
    for (const [oldest] of this.#chunks) {
      if (this.#bytes <= MEMORY_BYTES || oldest === ref.id) break;
      this.#forget(oldest);
    }
    try {
      return await chunk.bytes;
    } catch (error) {
      // What failed once is tried anew.
      if (this.#chunks.get(ref.id) === chunk) this.#forget(ref.id);
      throw error;
    }
  }

  #forget(id: ChunkId): void {
    this.#bytes -= this.#chunks.get(id)?.length ?? 0;
    this.#chunks.delete(id);
  }
}
