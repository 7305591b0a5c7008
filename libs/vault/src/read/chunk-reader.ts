import { ArchiveError } from '@rootcellar/model';
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

const CONCURRENT_READS = 4;
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
    const { buffers, pieces } = await this.#fetch(missing);
    for (const [at, id] of missing.entries()) {
      const piece = pieces[at] ?? unknownChunk();
      const sealed = new Uint8Array(
        buffers[piece.buffer] ?? unknownChunk(),
        piece.offset,
        piece.sealedLength,
      );
      const plain = openPlainChunk(this.#parts.householdKey, piece.head, sealed);
      plains.set(id, plain);
      this.#remember(id, plain);
    }
    return ids.map((id) => plains.get(id) ?? unknownChunk());
  }

  /** Data chunks, plain, one behind the other. The caller bounds their sum. */
  async plain(ids: readonly ChunkId[]): Promise<ArrayBuffer> {
    const { buffers, pieces } = await this.#fetch(ids);
    return this.#parts.crew.run(
      'openPlain',
      { householdKey: this.#parts.householdKey, buffers, pieces },
      buffers,
    );
  }

  /** Records and chunks laid out for the file stream (docs/protocol.md). The caller bounds their sum. */
  async wire(items: readonly WireItem[]): Promise<ArrayBuffer> {
    const ids = items.filter((item): item is ChunkId => typeof item === 'string');
    const { buffers, pieces } = await this.#fetch(ids);
    let next = 0;
    const laidOut = items.map((item) =>
      typeof item === 'string' ? (pieces[next++] ?? unknownChunk()) : item,
    );
    return this.#parts.crew.run(
      'openForWire',
      { householdKey: this.#parts.householdKey, buffers, items: laidOut },
      buffers,
    );
  }

  async #fetch(
    ids: readonly ChunkId[],
  ): Promise<{ buffers: ArrayBuffer[]; pieces: SealedPiece[] }> {
    const locations: ChunkLocation[] = [];
    for (let from = 0; from < ids.length; from += INDEX_BATCH) {
      const found = await this.#parts.index.locate(ids.slice(from, from + INDEX_BATCH));
      locations.push(...found.map((location) => location ?? unknownChunk()));
    }
    const plan = planReads(locations);
    const buffers = await this.#readAll(plan.reads);
    const pieces = locations.map((location, at): SealedPiece => {
      const piece = plan.pieces[at] ?? unknownChunk();
      const { id, kind, codec, plainLength, sealedLength } = location;
      return { head: { id, kind, codec, plainLength }, ...piece, sealedLength };
    });
    return { buffers, pieces };
  }

  async #readAll(reads: readonly PackRead[]): Promise<ArrayBuffer[]> {
    const buffers: ArrayBuffer[] = [];
    const queue = reads.entries();
    const lane = async (): Promise<void> => {
      for (const [at, { packId, offset, length }] of queue) {
        const bytes = await this.#parts.objects.read(packKey(packId), { offset, length });
        buffers[at] = ownBuffer(bytes);
      }
    };
    await Promise.all(Array.from({ length: Math.min(CONCURRENT_READS, reads.length) }, lane));
    return buffers;
  }

  #remember(id: ChunkId, plain: Uint8Array): void {
    this.#cache.set(id, plain);
    this.#cacheBytes += plain.length;
    for (const [oldest, bytes] of this.#cache) {
      if (this.#cacheBytes <= CACHE_BYTES) break;
      this.#cache.delete(oldest);
      this.#cacheBytes -= bytes.length;
    }
  }
}

/** A buffer of these bytes and nothing else, fit to be transferred. */
export function ownBuffer(bytes: Uint8Array): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  if (buffer instanceof ArrayBuffer && byteOffset === 0 && byteLength === buffer.byteLength)
    return buffer;
  return bytes.slice().buffer;
}

function unknownChunk(): never {
  throw new ArchiveError(
    'CHUNK_DAMAGED',
    'A chunk that a snapshot or artifact needs is not in the vault.',
    {
      hint: 'Run `rootcellar admin scrub`; pushing the same backup again may heal it.',
    },
  );
}
