import { ArchiveError, chunkIdFromBytes, newId, systemClock } from '@rootcellar/model';
import type { ChunkId, PackId, UploadId } from '@rootcellar/model';
import { INDEX_BATCH } from '../chunk-index.js';
import type { ChunkIndex, ChunkLocation, WrittenPack } from '../chunk-index.js';
import type { PackType } from '../pack-format.js';

export type PackState = 'uploading' | 'live' | 'condemned' | 'deleted';

interface KnownPack {
  readonly type: PackType;
  state: PackState;
  epoch: number;
  size: number;
  sha256: Uint8Array;
}

type Place = Omit<ChunkLocation, 'packEpoch'>;

/** Keeps a household's chunk index in memory, for tests; and says what only the catalog's other parts would. */
export class MemoryChunkIndex implements ChunkIndex {
  readonly #chunks = new Map<ChunkId, Place>();
  readonly #packs = new Map<PackId, KnownPack>();
  #nextOrdinal = 0;
  /** Of open uploads only. */
  readonly #pins = new Map<UploadId, Set<PackId>>();

  async pinHeld(ids: readonly ChunkId[], holder: UploadId): Promise<boolean[]> {
    const ordinals = await this.pinNumbered(ids, holder);
    return ordinals.map((ordinal) => ordinal !== undefined);
  }

  async pinNumbered(ids: readonly ChunkId[], holder: UploadId): Promise<(number | undefined)[]> {
    await nextTurn(ids);
    const pins = this.#pins.get(holder);
    return ids.map((id) => {
      const packId = this.#livePackOf(id);
      if (packId === undefined || pins === undefined) return undefined;
      pins.add(packId);
      return this.#chunks.get(id)?.ordinal;
    });
  }

  async locate(ids: readonly ChunkId[]): Promise<(ChunkLocation | undefined)[]> {
    await nextTurn(ids);
    return ids.map((id) => {
      const place = this.#chunks.get(id);
      const pack = place && this.#packs.get(place.packId);
      if (place === undefined || pack === undefined || pack.state === 'deleted') return undefined;
      return { ...place, packEpoch: pack.epoch };
    });
  }

  async beginPack(pack: { readonly packId: PackId; readonly type: PackType }): Promise<void> {
    await nextTurn();
    const { packId, type } = pack;
    this.#packs.set(packId, { type, state: 'uploading', epoch: 0, size: 0, sha256: Buffer.of() });
  }

  async commitPack(pack: WrittenPack): Promise<void> {
    await nextTurn();
    const known = this.#packs.get(pack.packId);
    if (known?.state !== 'uploading')
      throw new ArchiveError('SERVER_BUSY', 'A pack took too long to write and was given up.');
    Object.assign(known, { size: pack.size, sha256: pack.sha256 });
    this.#change(known, 'live');
    for (const { offset, sealedLength, ...head } of pack.entries) {
      const id = chunkIdFromBytes(head.id);
      const packId = this.#livePackOf(id) ?? pack.packId;
      this.#pin(packId, pack.holders);
      if (packId !== pack.packId || this.#chunks.get(id)?.packId === packId) continue;
      this.#leave(this.#chunks.get(id)?.packId);
      const ordinal = this.#nextOrdinal++;
      this.#chunks.set(id, { ...head, packId, offset, sealedLength, ordinal });
    }
    this.#pin(pack.packId, pack.holders);
  }

  async abandonPack(packId: PackId): Promise<void> {
    await nextTurn();
    const pack = this.#packs.get(packId);
    if (pack?.state === 'uploading') this.#change(pack, 'deleted');
  }

  /** A new upload that is open. */
  openUpload(): UploadId {
    const id = newId<UploadId>(systemClock);
    this.#pins.set(id, new Set());
    return id;
  }

  /** Committed, expired or given up: its pins are gone. */
  endUpload(id: UploadId): void {
    this.#pins.delete(id);
  }

  pinnedBy(id: UploadId): readonly PackId[] {
    return [...(this.#pins.get(id) ?? [])];
  }

  /** What garbage collection does first … */
  condemn(packId: PackId): void {
    const pack = this.#packs.get(packId);
    if (pack?.state === 'live') this.#change(pack, 'condemned');
  }

  /** … and in the end. */
  remove(packId: PackId): void {
    const pack = this.#packs.get(packId);
    if (pack !== undefined) this.#change(pack, 'deleted');
  }

  /** Every pack ever begun, in the order they were. */
  get packs(): readonly (Readonly<KnownPack> & { readonly id: PackId })[] {
    return [...this.#packs].map(([id, pack]) => ({ id, ...pack }));
  }

  /** A chunk left a pack that is going: who counted it there must notice. */
  #leave(packId: PackId | undefined): void {
    const pack = packId === undefined ? undefined : this.#packs.get(packId);
    if (pack !== undefined) pack.epoch += 1;
  }

  #livePackOf(id: ChunkId): PackId | undefined {
    const packId = this.#chunks.get(id)?.packId;
    return packId !== undefined && this.#packs.get(packId)?.state === 'live' ? packId : undefined;
  }

  #pin(packId: PackId, holders: readonly UploadId[]): void {
    for (const holder of holders) this.#pins.get(holder)?.add(packId);
  }

  #change(pack: KnownPack, state: PackState): void {
    pack.state = state;
    pack.epoch += 1;
  }
}

/** As with a database, nothing has happened yet when a call returns; and a call takes no more ids than the port says. */
async function nextTurn(ids: readonly ChunkId[] = []): Promise<void> {
  if (ids.length > INDEX_BATCH) throw new RangeError(`${ids.length} ids in one call`);
  await Promise.resolve();
}
