import { ArchiveError } from '@rootcellar/model';
import type { ChunkId, PackId, UploadId } from '@rootcellar/model';
import type { ChunkIndex, ChunkLocation, ProvenChunks } from './chunk-index.js';
import { INDEX_BATCH } from './chunk-index.js';
import { ChunkSet } from './chunk-set.js';

/** The chunks a root needs, as the catalog keeps them. */
export interface ChunkNeeds {
  /** Portable Roaring bitmap of ordinals. */
  readonly chunkSet: Uint8Array;
  readonly chunks: number;
  /** The packs that hold the chunks, with the epoch at which they were seen. */
  readonly packs: ReadonlyMap<PackId, number>;
}

/** A chunk to be counted; with `length`, a sender names it, and its plain length must be that. */
export interface NeededChunk {
  readonly id: ChunkId;
  readonly length?: number;
}

/** Ids told back at once; a sender sends them and asks again. */
const MISSING_MAX = 4096;

/**
 * Counts which chunks a root needs and where they lie. Memory: two batches, the bitmap, a line per pack. Dispose it.
 *
 * With a holder, what is counted is pinned for it first: it cannot go before the root is committed. What cannot be pinned, because its
 * pack is condemned, counts as missing and is sent again. So does what a sender names and has not proven to have.
 */
export class NeededChunks {
  readonly #index: ChunkIndex;
  readonly #holder: UploadId | undefined;
  readonly #proven: ProvenChunks | undefined;
  readonly #set = new ChunkSet();
  readonly #packs = new Map<PackId, number>();
  readonly #missing = new Set<ChunkId>();
  #pending: NeededChunk[] = [];
  #underway: Promise<void> = Promise.resolve();
  #disposed = false;

  constructor(index: ChunkIndex, holder?: UploadId, proven?: ProvenChunks) {
    this.#index = index;
    this.#holder = holder;
    this.#proven = proven;
  }

  /** Chunks that were named and are not in the vault, or not proven; the first 4096. Complete after {@link flush}. */
  get missing(): ReadonlySet<ChunkId> {
    return this.#missing;
  }

  /** @throws ArchiveError UPLOAD_ENTRIES_INVALID when a chunk has another length than was said. */
  async add(chunk: NeededChunk): Promise<void> {
    this.#pending.push(chunk);
    if (this.#pending.length < INDEX_BATCH) return;
    // One batch is looked up while the next one is gathered.
    await this.#underway;
    this.#underway = this.#count(this.#takePending());
    // Its failure is told when it is awaited.
    this.#underway.catch(() => undefined);
  }

  async flush(): Promise<void> {
    await this.#underway;
    await this.#count(this.#takePending());
  }

  #takePending(): NeededChunk[] {
    const batch = this.#pending;
    this.#pending = [];
    return batch;
  }

  async #count(batch: readonly NeededChunk[]): Promise<void> {
    if (batch.length === 0) return;
    const locations = await this.#locate(batch.map(({ id }) => id));
    if (this.#disposed) return;
    const ordinals: number[] = [];
    for (const [at, { id, length }] of batch.entries()) {
      const location = locations[at];
      // Before the length is looked at: it tells nothing of what is not the sender's.
      if (location === undefined || (length !== undefined && !this.#isProven(location))) {
        if (this.#missing.size < MISSING_MAX) this.#missing.add(id);
        continue;
      }
      if (length !== undefined && length !== location.plainLength) {
        throw new ArchiveError(
          'UPLOAD_ENTRIES_INVALID',
          'A file names a chunk with a length that is not its own.',
        );
      }
      ordinals.push(location.ordinal);
      // The first epoch seen counts: if the pack changed since, the commit must notice.
      if (!this.#packs.has(location.packId)) this.#packs.set(location.packId, location.packEpoch);
    }
    this.#set.add(ordinals);
  }

  #isProven({ ordinal }: ChunkLocation): boolean {
    return this.#proven?.has(ordinal) ?? true;
  }

  async #locate(ids: readonly ChunkId[]): Promise<(ChunkLocation | undefined)[]> {
    const held = this.#holder && (await this.#index.pinHeld(ids, this.#holder));
    const locations = await this.#index.locate(ids);
    return held === undefined
      ? locations
      : locations.map((place, at) => (held[at] === true ? place : undefined));
  }

  /** @throws ArchiveError CHUNK_UNKNOWN when something is missing. */
  result(): ChunkNeeds {
    if (this.#missing.size > 0) {
      throw new ArchiveError(
        'CHUNK_UNKNOWN',
        'The vault does not hold every chunk that is needed.',
        {
          details: { missing: this.#missing.size },
        },
      );
    }
    return { chunkSet: this.#set.serialize(), chunks: this.#set.size, packs: this.#packs };
  }

  [Symbol.dispose](): void {
    this.#disposed = true;
    this.#set[Symbol.dispose]();
  }
}

/** True when a root's record in the catalog says exactly this, and holds every pack. */
export function sameNeeds(
  needs: ChunkNeeds,
  record: { readonly chunkSet: Uint8Array; readonly packs: ReadonlySet<PackId> },
): boolean {
  using counted = ChunkSet.deserialize(needs.chunkSet);
  using recorded = ChunkSet.deserialize(record.chunkSet);
  return (
    counted.equals(recorded) && [...needs.packs.keys()].every((pack) => record.packs.has(pack))
  );
}
