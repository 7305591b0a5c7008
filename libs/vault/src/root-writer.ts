import type { ChunkRef } from '@rootcellar/chunking';
import type { ChunkId, UploadId } from '@rootcellar/model';
import type { ProvenChunks } from './chunk-index.js';
import { NeededChunks } from './needed-chunks.js';
import type { ChunkNeeds } from './needed-chunks.js';
import type { AssemblerParts } from './pack-assembler.js';
import { CHUNK_KIND } from './sealed-chunk.js';
import { encodeCbor } from './tree/cbor.js';
import { MetadataSink } from './tree/metadata-sink.js';
import { RecipeWriter } from './tree/recipe.js';
import { TreeWriter } from './tree/tree-writer.js';
import type { WrittenTree } from './tree/tree-writer.js';

/** A file or folder as the sender describes it; its refs come apart. */
export interface RootEntry {
  readonly path: string;
  readonly type: 'file' | 'folder';
  readonly mtimeNs: bigint;
  readonly size: number;
}

/** Everything the catalog needs to make a root visible. */
export interface WrittenRoot extends ChunkNeeds {
  readonly manifest: ChunkId;
  /** Sealed bytes of metadata that was new. */
  readonly metadataBytes: number;
}

/** Builds a root: its tree, its manifest, the chunks it needs. Nothing is visible until the catalog commits it. Dispose it. */
export class RootWriter {
  readonly #sink: MetadataSink;
  readonly #tree: TreeWriter;
  readonly #needed: NeededChunks;

  constructor(parts: AssemblerParts, holder: UploadId, proven?: ProvenChunks) {
    this.#needed = new NeededChunks(parts.index, holder, proven);
    this.#sink = new MetadataSink(parts, holder, async (ids) => {
      for (const id of ids) await this.#needed.add({ id });
    });
    this.#tree = new TreeWriter(this.#sink);
  }

  /** Chunks that were named and are not in the vault, or not proven. Complete after {@link finishTree}. */
  get missing(): ReadonlySet<ChunkId> {
    return this.#needed.missing;
  }

  /** Entries come in ascending path order. @throws ArchiveError UPLOAD_ENTRIES_INVALID */
  async add(
    entry: RootEntry,
    refs: Iterable<readonly ChunkRef[]> | AsyncIterable<readonly ChunkRef[]>,
  ): Promise<void> {
    const recipe = new RecipeWriter(this.#sink);
    for await (const batch of refs) {
      for (const ref of batch) {
        await recipe.add(ref);
        await this.#needed.add(ref);
      }
    }
    await this.#tree.add({
      ...entry,
      recipe: entry.type === 'file' ? await recipe.finish() : undefined,
    });
  }

  /** The tree, durable: its files can be read from here on. */
  async finishTree(): Promise<WrittenTree> {
    const tree = await this.#tree.finish();
    await this.#sink.flush();
    await this.#needed.flush();
    return tree;
  }

  /** @param manifest what docs/format.md says of root manifests. @throws ArchiveError CHUNK_UNKNOWN */
  async finish(manifest: Readonly<Record<string, unknown>>): Promise<WrittenRoot> {
    const id = await this.#sink.put(CHUNK_KIND.root, encodeCbor(manifest));
    await this.#sink.flush();
    await this.#needed.flush();
    return { ...this.#needed.result(), manifest: id, metadataBytes: this.#sink.storedBytes };
  }

  [Symbol.dispose](): void {
    this.#needed[Symbol.dispose]();
  }
}
