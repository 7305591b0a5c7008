import { chunkIdFromBytes, chunkIdToBytes } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import type { ChunkRef } from '@rootcellar/chunking';
import { CHUNK_KIND } from '../sealed-chunk.js';
import { NODE_MAX_REFS } from './border.js';
import { damagedTree, decodeCbor, encodeCbor } from './cbor.js';
import type { MetadataSink } from './metadata-sink.js';

/** How the bytes of the chunks become the file. */
export const NORMALISER = { none: 0 } as const;

/** How to put one file together again; in memory at most 256 refs, however long the file. */
export interface Recipe {
  readonly normaliser: number;
  /** 0: the refs are data chunks; n: they are lists with n levels below. */
  readonly depth: number;
  readonly refs: readonly ChunkRef[];
}

/** A recipe's own refs that stand in a tree node; longer ones go to list chunks. */
const REFS_IN_PLACE = 8;

/** Collects the refs of one file, in order, spilling full lists as chunks of their own. */
export class RecipeWriter {
  readonly #sink: MetadataSink;
  /** `levels[0]` holds data refs, `levels[n]` lists of level n. */
  readonly #levels: ChunkRef[][] = [[]];

  constructor(sink: MetadataSink) {
    this.#sink = sink;
  }

  async add(ref: ChunkRef): Promise<void> {
    await this.#push(0, ref);
  }

  async finish(): Promise<Recipe> {
    const [data = []] = this.#levels;
    if (this.#levels.length === 1 && data.length <= REFS_IN_PLACE) {
      return { normaliser: NORMALISER.none, depth: 0, refs: data };
    }
    for (let level = 0; ; level += 1) {
      const refs = this.#levels[level] ?? [];
      const top = level === this.#levels.length - 1;
      if (level > 0 && top) return { normaliser: NORMALISER.none, depth: level, refs };
      if (refs.length > 0) await this.#spill(level);
    }
  }

  async #push(level: number, ref: ChunkRef): Promise<void> {
    if (this.#levels[level]?.length === NODE_MAX_REFS) await this.#spill(level);
    (this.#levels[level] ??= []).push(ref);
  }

  async #spill(level: number): Promise<void> {
    const refs = this.#levels[level] ?? [];
    this.#levels[level] = [];
    const id = await this.#sink.put(CHUNK_KIND.list, encodeCbor(refs.map(refToCbor)));
    await this.#push(level + 1, { id, length: refs.reduce((sum, ref) => sum + ref.length, 0) });
  }
}

export function recipeToCbor(recipe: Recipe): unknown {
  const refs = recipe.refs.map(refToCbor);
  return recipe.depth === 0 ? [recipe.normaliser, refs] : [recipe.normaliser, recipe.depth, refs];
}

/** @throws ArchiveError TREE_DAMAGED */
export function recipeFromCbor(value: unknown): Recipe {
  if (!Array.isArray(value)) throw damagedTree('a recipe is no list');
  const parts: readonly unknown[] = value;
  const [normaliser, depth, refs] = parts.length === 2 ? [parts[0], 0, parts[1]] : parts;
  if (normaliser !== NORMALISER.none)
    throw damagedTree('a recipe names a normaliser this release does not know');
  if (!isCount(depth) || depth > 6) throw damagedTree('a recipe is nested too deep');
  return { normaliser, depth, refs: refsFromCbor(refs) };
}

/** @throws ArchiveError TREE_DAMAGED */
export function listFromBytes(bytes: Uint8Array): ChunkRef[] {
  return refsFromCbor(decodeCbor(bytes));
}

function refToCbor(ref: ChunkRef): [Uint8Array, number] {
  return [chunkIdToBytes(ref.id), ref.length];
}

function refsFromCbor(value: unknown): ChunkRef[] {
  if (!Array.isArray(value) || value.length > NODE_MAX_REFS)
    throw damagedTree('a list of chunks has a wrong form');
  return value.map((item: unknown) => {
    const [id, length] = Array.isArray(item) ? (item as unknown[]) : [];
    if (!isCount(length)) throw damagedTree('a chunk has no length');
    return { id: idFromCbor(id), length };
  });
}

/** @throws ArchiveError TREE_DAMAGED */
export function idFromCbor(value: unknown): ChunkId {
  if (!(value instanceof Uint8Array) || value.length !== 32)
    throw damagedTree('a chunk id has a wrong form');
  return chunkIdFromBytes(value);
}

export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
