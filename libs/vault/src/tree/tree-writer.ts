import { ArchiveError, comparePaths } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import { CHUNK_KIND } from '../sealed-chunk.js';
import { NODE_MAX_REFS, isBorder } from './border.js';
import type { MetadataSink } from './metadata-sink.js';
import { encodeInner, encodeLeaf } from './tree-node.js';
import type { TreeChild, TreeEntry } from './tree-node.js';

export interface WrittenTree {
  readonly root: ChunkId;
  readonly entries: number;
  /** Bytes of the files. */
  readonly bytes: number;
}

/** Builds a tree from entries in ascending path order, holding one node per level in memory. docs/format.md, Trees. */
export class TreeWriter {
  readonly #sink: MetadataSink;
  #leaf: TreeEntry[] = [];
  #leafRefs = 0;
  /** `inner[0]` collects leaves for a node of level 1, and so on. */
  readonly #inner: TreeChild[][] = [];
  #last: string | undefined;

  constructor(sink: MetadataSink) {
    this.#sink = sink;
  }

  /** @throws ArchiveError UPLOAD_ENTRIES_INVALID when the path does not come behind the one before. */
  async add(entry: TreeEntry): Promise<void> {
    if (this.#last !== undefined && comparePaths(this.#last, entry.path) >= 0) {
      throw new ArchiveError(
        'UPLOAD_ENTRIES_INVALID',
        'The files are not in ascending order of their paths.',
      );
    }
    this.#last = entry.path;
    const refs = Math.max(1, entry.recipe?.refs.length ?? 0);
    if (this.#leafRefs + refs > NODE_MAX_REFS) await this.#closeLeaf();
    this.#leaf.push(entry);
    this.#leafRefs += refs;
    if (this.#leafRefs === NODE_MAX_REFS || isBorder(entry.path, 0)) await this.#closeLeaf();
  }

  async finish(): Promise<WrittenTree> {
    if (this.#leaf.length > 0 || this.#inner.length === 0) await this.#closeLeaf();
    for (let at = 0; ; at += 1) {
      const children = this.#inner[at] ?? [];
      const [only] = children;
      const top = at === this.#inner.length - 1;
      if (top && only !== undefined && children.length === 1) {
        return { root: only.id, entries: only.entries, bytes: only.bytes };
      }
      if (children.length > 0) await this.#closeInner(at);
    }
  }

  async #closeLeaf(): Promise<void> {
    const entries = this.#leaf;
    this.#leaf = [];
    this.#leafRefs = 0;
    const id = await this.#sink.put(CHUNK_KIND.tree, encodeLeaf(entries));
    const bytes = entries.reduce((sum, entry) => sum + entry.size, 0);
    await this.#addChild(0, {
      firstPath: entries[0]?.path ?? '',
      id,
      entries: entries.length,
      bytes,
    });
  }

  async #addChild(at: number, child: TreeChild): Promise<void> {
    const children = (this.#inner[at] ??= []);
    children.push(child);
    const border = isBorder(child.firstPath, at + 1);
    // A node of one child would only repeat it: a border needs company.
    if (children.length === NODE_MAX_REFS || (border && children.length > 1))
      await this.#closeInner(at);
  }

  async #closeInner(at: number): Promise<void> {
    const children = this.#inner[at] ?? [];
    this.#inner[at] = [];
    const id = await this.#sink.put(CHUNK_KIND.tree, encodeInner(at + 1, children));
    await this.#addChild(at + 1, {
      firstPath: children[0]?.firstPath ?? '',
      id,
      entries: children.reduce((sum, child) => sum + child.entries, 0),
      bytes: children.reduce((sum, child) => sum + child.bytes, 0),
    });
  }
}
