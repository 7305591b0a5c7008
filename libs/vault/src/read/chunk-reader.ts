import { ArchiveError, isArchiveError } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import type { ObjectStore } from '@rootcellar/object-store';
import type { ChunkIndex, ChunkLocation } from '../chunk-index.js';
import { INDEX_BATCH } from '../chunk-index.js';
import { openPlainChunk } from '../open-plain-chunk.js';
import type { Crew } from '../crew.js';
import type { SealedPiece } from '../crew-worker.js';
import type { HouseholdKey } from '../household-key.js';
import { packKey } from '../object-keys.js';
import { planReads } from './plan-reads.js';
import type { PackRead } from './plan-reads.js';

export interface ReaderParts {
  readonly objects: ObjectStore;
  readonly index: ChunkIndex;
  readonly crew: Crew;
  readonly householdKey: HouseholdKey;
}

/** What goes on the wire: bytes as they are, or a chunk to open. */
export type WireItem = Uint8Array | ChunkId;

/** Bytes in memory that is lent: give it back when they are used, once. */
export interface LentBytes {
  readonly bytes: Uint8Array<SharedArrayBuffer>;
  readonly giveBack: () => void;
}

interface Memories {
  readonly householdKey: HouseholdKey;
  readonly sealed: SharedArrayBuffer;
  readonly opened: SharedArrayBuffer;
}

const CONCURRENT_READS = 4;
/** How often a read looks up anew where its chunks lie. */
const ATTEMPTS = 3;
const CACHE_BYTES = 32 * 1024 * 1024;

/** Reads chunks back, coalescing neighbours, checking every byte. */
export class ChunkReader {
  readonly #parts: ReaderParts;
  /** Tree nodes and lists lately read, oldest first. */
  readonly #cache = new Map<ChunkId, Uint8Array>();
  #cacheBytes = 0;

  constructor(parts: ReaderParts) {
    this.#parts = parts;
  }

  /**
   * Metadata chunks, plain, in the order asked. For nodes and lists: small, opened here, cached.
   * @throws ArchiveError CHUNK_DAMAGED, OBJECT_STORE_UNAVAILABLE …
   */
  async metadata(ids: readonly ChunkId[]): Promise<Uint8Array[]> {
    const plains = new Map<ChunkId, Uint8Array>();
    const missing: ChunkId[] = [];
    for (const id of new Set(ids)) {
      const cached = this.#cache.get(id);
      if (cached === undefined) missing.push(id);
      else plains.set(id, cached);
    }
    const sealed = this.#parts.crew.windows.take();
    try {
      const pieces = await this.#fetch(missing, sealed.memory);
      for (const [at, id] of missing.entries()) {
        const { head, at: offset, sealedLength } = pieces[at] ?? unknownChunk();
        const bytes = new Uint8Array(sealed.memory, offset, sealedLength);
        const plain = openPlainChunk(this.#parts.householdKey, head, bytes);
        plains.set(id, plain);
        this.#remember(id, plain);
      }
    } finally {
      sealed.giveBack();
    }
    return ids.map((id) => plains.get(id) ?? unknownChunk());
  }

  /** Data chunks, plain, one behind the other. The caller bounds their sum. */
  async plain(ids: readonly ChunkId[]): Promise<LentBytes> {
    return this.#open(ids, async (pieces, memories) =>
      this.#parts.crew.run('openPlain', { ...memories, pieces }),
    );
  }

  /** Records and chunks laid out for the file stream (docs/protocol.md). The caller bounds their sum. */
  async wire(items: readonly WireItem[]): Promise<LentBytes> {
    const ids = items.filter((item): item is ChunkId => typeof item === 'string');
    return this.#open(ids, async (pieces, memories) => {
      let next = 0;
      const laidOut = items.map((item) =>
        typeof item === 'string' ? (pieces[next++] ?? unknownChunk()) : item,
      );
      return this.#parts.crew.run('openForWire', { ...memories, items: laidOut });
    });
  }

  async #open(
    ids: readonly ChunkId[],
    run: (pieces: readonly SealedPiece[], memories: Memories) => Promise<number>,
  ): Promise<LentBytes> {
    const { crew, householdKey } = this.#parts;
    const [sealed, opened] = [crew.windows.take(), crew.windows.take()];
    try {
      const pieces = await this.#fetch(ids, sealed.memory);
      const memories = { householdKey, sealed: sealed.memory, opened: opened.memory };
      const length = await run(pieces, memories);
      return { bytes: new Uint8Array(opened.memory, 0, length), giveBack: () => opened.giveBack() };
    } catch (error) {
      opened.giveBack();
      throw error;
    } finally {
      sealed.giveBack();
    }
  }

  /**
   * Reads the chunks into the memory. A pack that went between looking up and reading was written anew: its chunks lie elsewhere now.
   * @returns where they lie, in the order asked
   */
  async #fetch(ids: readonly ChunkId[], memory: SharedArrayBuffer): Promise<SealedPiece[]> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#fetchOnce(ids, memory);
      } catch (error) {
        if (attempt === ATTEMPTS || !isArchiveError(error, 'OBJECT_NOT_FOUND')) throw error;
      }
    }
  }

  async #fetchOnce(ids: readonly ChunkId[], memory: SharedArrayBuffer): Promise<SealedPiece[]> {
    const locations: ChunkLocation[] = [];
    for (let from = 0; from < ids.length; from += INDEX_BATCH) {
      const found = await this.#parts.index.locate(ids.slice(from, from + INDEX_BATCH));
      locations.push(...found.map((location) => location ?? unknownChunk()));
    }
    const plan = planReads(locations);
    const places = await this.#readAll(plan.reads, memory);
    return locations.map((location, at): SealedPiece => {
      const piece = plan.pieces[at] ?? unknownChunk();
      const { id, kind, codec, plainLength, sealedLength } = location;
      const place = (places[piece.buffer] ?? unknownChunk()) + piece.offset;
      return { head: { id, kind, codec, plainLength }, at: place, sealedLength };
    });
  }

  /** @returns where each read begins in the memory */
  async #readAll(reads: readonly PackRead[], memory: SharedArrayBuffer): Promise<number[]> {
    const places: number[] = [];
    let end = 0;
    for (const { length } of reads) {
      places.push(end);
      end += length;
    }
    const queue = reads.entries();
    const lane = async (): Promise<void> => {
      for (const [at, { packId, offset, length }] of queue) {
        const target = new Uint8Array(memory, places[at], length);
        await this.#parts.objects.readInto(packKey(packId), offset, target);
      }
    };
    // All lanes have ended before the memory is somebody else's, also when one fails.
    const ends = await Promise.allSettled(
      Array.from({ length: Math.min(CONCURRENT_READS, reads.length) }, lane),
    );
    for (const lost of ends) if (lost.status === 'rejected') throw lost.reason;
    return places;
  }

  #remember(id: ChunkId, plain: Uint8Array): void {
    // Two readers may have missed it at once.
    if (this.#cache.has(id)) return;
    this.#cache.set(id, plain);
    this.#cacheBytes += plain.length;
    for (const [oldest, bytes] of this.#cache) {
      if (this.#cacheBytes <= CACHE_BYTES) break;
      this.#cache.delete(oldest);
      this.#cacheBytes -= bytes.length;
    }
  }
}

function unknownChunk(): never {
  throw new ArchiveError(
    'CHUNK_DAMAGED',
    'A chunk that a snapshot or artifact needs is not in the vault.',
    {
      hint: 'Run `rootcellar admin scrub` to find what is damaged; everything else can still be restored.',
    },
  );
}
