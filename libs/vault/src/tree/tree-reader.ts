import type { ChunkId } from '@rootcellar/model';
import { comparePaths } from '@rootcellar/model';
import type { ChunkRef } from '@rootcellar/chunking';
import type { ChunkReader } from '../read/chunk-reader.js';
import { NODE_MAX_REFS } from './border.js';
import { damagedTree } from './cbor.js';
import { listFromBytes } from './recipe.js';
import type { Recipe } from './recipe.js';
import { decodeNode } from './tree-node.js';
import type { TreeChild, TreeEntry, TreeNode } from './tree-node.js';

/** Nodes fetched in one go: neighbours in the tree are neighbours in a pack. A node has a megabyte at the most, a window 16. */
const READ_AHEAD = 8;

/** Reads trees back: streaming, one path of nodes and a window of siblings in memory. */
export class TreeReader {
  readonly #chunks: ChunkReader;

  constructor(chunks: ChunkReader) {
    this.#chunks = chunks;
  }

  /** Entries in ascending path order; with `after` only those behind it. @throws ArchiveError TREE_DAMAGED, CHUNK_DAMAGED … */
  async *entries(root: ChunkId, after?: string): AsyncGenerator<TreeEntry> {
    for await (const leaf of this.#leaves([root], after, Number.POSITIVE_INFINITY)) {
      for (const entry of leaf) {
        if (after === undefined || comparePaths(entry.path, after) > 0) yield entry;
      }
    }
  }

  /** The entry of exactly this path. */
  async find(root: ChunkId, path: string): Promise<TreeEntry | undefined> {
    let node = await this.#node(root);
    while ('children' in node) {
      const child = lastStartingAtOrBefore(node.children, path);
      if (child === undefined) return undefined;
      node = await this.#node(child.id, node.level);
    }
    return node.entries.find((entry) => entry.path === path);
  }

  /** The data chunks of a file, in order, a list at a time. */
  async *refs(recipe: Recipe): AsyncGenerator<readonly ChunkRef[]> {
    if (recipe.depth === 0) {
      yield recipe.refs;
      return;
    }
    for (const list of recipe.refs) {
      const refs = await this.#list(list.id);
      if (sumOf(refs) !== list.length) throw damagedTree('a list does not add up');
      yield* this.refs({ normaliser: recipe.normaliser, depth: recipe.depth - 1, refs });
    }
  }

  /** How many refs {@link refs} will give. Every list but the last of a level is full, so only the last ones are read. */
  async countRefs(recipe: Recipe): Promise<number> {
    const last = recipe.refs.at(-1);
    if (recipe.depth === 0 || last === undefined) return recipe.refs.length;
    const refs = await this.#list(last.id);
    const below = await this.countRefs({ ...recipe, depth: recipe.depth - 1, refs });
    return (recipe.refs.length - 1) * NODE_MAX_REFS ** recipe.depth + below;
  }

  /** Every metadata chunk below the root: nodes and lists, the root itself included. */
  async *metadataIds(root: ChunkId): AsyncGenerator<ChunkId> {
    yield root;
    const node = await this.#node(root);
    if ('children' in node) {
      for (const child of node.children) yield* this.metadataIds(child.id);
      return;
    }
    for (const entry of node.entries) {
      if (entry.recipe !== undefined) yield* this.#listIds(entry.recipe);
    }
  }

  async *#listIds(recipe: Recipe): AsyncGenerator<ChunkId> {
    if (recipe.depth === 0) return;
    for (const list of recipe.refs) {
      yield list.id;
      if (recipe.depth === 1) continue;
      yield* this.#listIds({ ...recipe, depth: recipe.depth - 1, refs: await this.#list(list.id) });
    }
  }

  async *#leaves(
    ids: readonly ChunkId[],
    after: string | undefined,
    above: number,
  ): AsyncGenerator<readonly TreeEntry[]> {
    for (let from = 0; from < ids.length; from += READ_AHEAD) {
      const nodes = await this.#chunks.metadata(ids.slice(from, from + READ_AHEAD));
      for (const bytes of nodes) {
        const node = decodeNode(bytes);
        if (node.level >= above) throw damagedTree('a node is not below its parent');
        if ('entries' in node) yield node.entries;
        else
          yield* this.#leaves(
            behind(node.children, after).map(({ id }) => id),
            after,
            node.level,
          );
      }
    }
  }

  async #list(id: ChunkId): Promise<ChunkRef[]> {
    const [bytes] = await this.#chunks.metadata([id]);
    if (bytes === undefined) throw damagedTree('a list is missing');
    return listFromBytes(bytes);
  }

  async #node(id: ChunkId, above = Number.POSITIVE_INFINITY): Promise<TreeNode> {
    const [bytes] = await this.#chunks.metadata([id]);
    if (bytes === undefined) throw damagedTree('a node is missing');
    const node = decodeNode(bytes);
    if (node.level >= above) throw damagedTree('a node is not below its parent');
    return node;
  }
}

/** Leaves out the children that end before `after`: all before the last one that starts at or before it. */
function behind(children: readonly TreeChild[], after: string | undefined): readonly TreeChild[] {
  if (after === undefined) return children;
  const first = children.findLastIndex((child) => comparePaths(child.firstPath, after) <= 0);
  return children.slice(Math.max(0, first));
}

function lastStartingAtOrBefore(
  children: readonly TreeChild[],
  path: string,
): TreeChild | undefined {
  return children.findLast((child) => comparePaths(child.firstPath, path) <= 0);
}

function sumOf(refs: readonly ChunkRef[]): number {
  return refs.reduce((sum, ref) => sum + ref.length, 0);
}
