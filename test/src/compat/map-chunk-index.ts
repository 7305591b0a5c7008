import { chunkIdFromBytes } from '@rootcellar/model';
import type { ChunkId, PackId } from '@rootcellar/model';
import type { ChunkIndex, ChunkLocation, PackEntry, WrittenPack } from '@rootcellar/vault';

/** A chunk index that is a map and nothing else: filled from packs' own indexes, it opens a vault without a database. */
export class MapChunkIndex implements ChunkIndex {
  readonly #chunks = new Map<ChunkId, ChunkLocation>();

  /** The first pack that brings a chunk keeps it. */
  add(packId: PackId, entries: readonly PackEntry[]): void {
    for (const entry of entries) {
      const id = chunkIdFromBytes(entry.id);
      if (this.#chunks.has(id)) continue;
      this.#chunks.set(id, { ...entry, packId, ordinal: this.#chunks.size, packEpoch: 1 });
    }
  }

  pinHeld(ids: readonly ChunkId[]): Promise<boolean[]> {
    return Promise.resolve(ids.map((id) => this.#chunks.has(id)));
  }

  pinNumbered(ids: readonly ChunkId[]): Promise<(number | undefined)[]> {
    return Promise.resolve(ids.map((id) => this.#chunks.get(id)?.ordinal));
  }

  locate(ids: readonly ChunkId[]): Promise<(ChunkLocation | undefined)[]> {
    return Promise.resolve(ids.map((id) => this.#chunks.get(id)));
  }

  beginPack(): Promise<void> {
    return Promise.resolve();
  }

  commitPack({ packId, entries }: WrittenPack): Promise<void> {
    this.add(packId, entries);
    return Promise.resolve();
  }

  abandonPack(): Promise<void> {
    return Promise.resolve();
  }
}
