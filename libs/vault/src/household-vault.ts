import { ArchiveError } from '@rootcellar/model';
import type { ChunkId, PackId, UploadId } from '@rootcellar/model';
import { objectKey } from '@rootcellar/object-store';
import type { DeletableObjectStore } from '@rootcellar/object-store';
import type { ProvenChunks, WrittenPack } from './chunk-index.js';
import { ChunkIntake } from './chunk-intake.js';
import { copyChunks } from './copy-chunks.js';
import type { CopySource } from './copy-chunks.js';
import { blindText, deriveGearSeed } from './household-key.js';
import { packIdOf, packKey } from './object-keys.js';
import type { AssemblerParts } from './pack-assembler.js';
import { PACK_MAX_BYTES, PACK_MIN_BYTES } from './pack-format.js';
import type { PackType } from './pack-format.js';
import { ChunkReader } from './read/chunk-reader.js';
import { FileReader } from './read/file-reader.js';
import { streamFiles } from './read/file-stream.js';
import { NeededChunks } from './needed-chunks.js';
import type { ChunkNeeds } from './needed-chunks.js';
import { RootWriter } from './root-writer.js';
import type { TreeEntry } from './tree/tree-node.js';
import { TreeReader } from './tree/tree-reader.js';

export interface VaultParts extends AssemblerParts {
  readonly objects: DeletableObjectStore;
}

/** One household's share of the vault: takes chunks in, builds roots, gives files back. One instance per process. */
export class HouseholdVault {
  readonly intake: ChunkIntake;
  readonly chunks: ChunkReader;
  readonly trees: TreeReader;
  readonly files: FileReader;
  readonly #parts: VaultParts;

  constructor(parts: VaultParts) {
    this.#parts = parts;
    this.intake = new ChunkIntake(parts);
    this.chunks = new ChunkReader(parts);
    this.trees = new TreeReader(this.chunks);
    this.files = new FileReader(this.chunks, this.trees);
  }

  /** 32 bytes: seeds the gear table of the agents' chunkers. */
  get gearSeed(): Uint8Array {
    return deriveGearSeed(this.#parts.householdKey);
  }

  /** 32 bytes that stand for a text, in this household only: who lacks its key can neither read nor guess the text. */
  blind(text: string): Uint8Array {
    return blindText(this.#parts.householdKey, text);
  }

  /** Says which chunks are stored, and keeps those at least as long as the upload is open. At most 4096 ids. */
  async pinHeld(ids: readonly ChunkId[], holder: UploadId): Promise<boolean[]> {
    return this.#parts.index.pinHeld(ids, holder);
  }

  /** The same, with the number of each that is stored; `undefined` for what is not. */
  async pinNumbered(ids: readonly ChunkId[], holder: UploadId): Promise<(number | undefined)[]> {
    return this.#parts.index.pinNumbered(ids, holder);
  }

  /** The bytes of the file stream of docs/protocol.md, record by record as the entries come. */
  streamFiles(entries: AsyncIterable<TreeEntry>): AsyncGenerator<Uint8Array> {
    return streamFiles({ chunks: this.chunks, trees: this.trees }, entries);
  }

  /**
   * Reads a whole pack and checks everything in it. @returns its index, PACK_ENTRY_BYTES a chunk
   * @throws ArchiveError PACK_DAMAGED, CHUNK_DAMAGED, OBJECT_NOT_FOUND …
   */
  async verifyPack(pack: {
    readonly id: PackId;
    readonly type: PackType;
    readonly size: number;
    readonly sha256: Uint8Array;
  }): Promise<{ readonly chunks: number; readonly entries: Uint8Array }> {
    const { objects, crew, householdKey } = this.#parts;
    if (pack.size > PACK_MAX_BYTES || pack.size < PACK_MIN_BYTES)
      throw new ArchiveError('PACK_DAMAGED', 'A pack has a size that no pack has.');
    const bytes = ownBuffer(await objects.read(packKey(pack.id), { offset: 0, length: pack.size }));
    const sha256 = new Uint8Array(bytes, pack.size - 32);
    if (!Buffer.from(sha256).equals(pack.sha256))
      throw new ArchiveError('PACK_DAMAGED', 'A pack is another than was written.');
    return crew.run('verifyPack', { householdKey, packId: pack.id, type: pack.type, bytes }, [
      bytes,
    ]);
  }

  /** A new pack of chunks of others, as {@link copyChunks} says. The catalog knows of it already, and moves the chunks afterwards. */
  async copyChunks(
    target: { readonly packId: PackId; readonly type: PackType },
    sources: readonly CopySource[],
  ): Promise<Omit<WrittenPack, 'holders'>> {
    const { householdKey } = this.#parts;
    return copyChunks(this.#parts, { ...target, householdKey }, sources);
  }

  /** Every object where packs lie, as a stream; `packId` is undefined for what is named like none. */
  async *listPacks(): AsyncGenerator<{
    readonly key: string;
    readonly packId: PackId | undefined;
  }> {
    for await (const { key } of this.#parts.objects.list('packs/'))
      yield { key, packId: packIdOf(key) };
  }

  /** Removes objects that no pack of the catalog is of. */
  async removeOrphans(keys: readonly string[]): Promise<void> {
    await this.#parts.objects.remove(keys.filter((key) => key.startsWith('packs/')).map(objectKey));
  }

  /** Removes a pack's object. Only for packs that the catalog has given up. */
  async removePack(packId: PackId): Promise<void> {
    await this.#parts.objects.remove([packKey(packId)]);
  }

  /** Dispose it (`using`). @param proven what the root's files may consist of; everything that is stored without it */
  writeRoot(holder: UploadId, proven?: ProvenChunks): RootWriter {
    return new RootWriter(this.#parts, holder, proven);
  }

  /**
   * What a written root needs, counted anew from its tree: after packs moved under a commit, and to check the catalog.
   * @throws ArchiveError CHUNK_UNKNOWN, TREE_DAMAGED
   */
  async countRoot(root: {
    readonly tree: ChunkId;
    readonly manifest: ChunkId;
  }): Promise<ChunkNeeds> {
    using needed = new NeededChunks(this.#parts.index);
    await needed.add({ id: root.manifest });
    for await (const id of this.trees.metadataIds(root.tree)) await needed.add({ id });
    for await (const entry of this.trees.entries(root.tree)) {
      if (entry.recipe === undefined) continue;
      for await (const refs of this.trees.refs(entry.recipe)) {
        for (const ref of refs) await needed.add(ref);
      }
    }
    await needed.flush();
    return needed.result();
  }
}

/** A buffer of these bytes and nothing else, fit to be transferred. */
function ownBuffer(bytes: Uint8Array<ArrayBuffer>): ArrayBuffer {
  const { buffer, byteOffset, byteLength } = bytes;
  return byteOffset === 0 && byteLength === buffer.byteLength ? buffer : bytes.slice().buffer;
}
