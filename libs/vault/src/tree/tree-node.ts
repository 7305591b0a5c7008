import type { ChunkId } from '@rootcellar/model';
import { chunkIdToBytes, isSafeRelativePath } from '@rootcellar/model';
import { NODE_MAX_REFS } from './border.js';
import { damagedTree, decodeCbor, encodeCbor } from './cbor.js';
import { idFromCbor, isCount, recipeFromCbor, recipeToCbor } from './recipe.js';
import type { Recipe } from './recipe.js';

/** A file or folder of a root. */
export interface TreeEntry {
  /** Relative, `/` between the parts; empty for the folder itself. */
  readonly path: string;
  readonly type: 'file' | 'folder';
  /** Nanoseconds since 1970. */
  readonly mtimeNs: bigint;
  /** Bytes; 0 for folders. */
  readonly size: number;
  /** `undefined` for folders. */
  readonly recipe: Recipe | undefined;
}

/** An inner node's line about one node below. */
export interface TreeChild {
  readonly firstPath: string;
  readonly id: ChunkId;
  readonly entries: number;
  readonly bytes: number;
}

export type TreeNode =
  | { readonly level: 0; readonly entries: readonly TreeEntry[] }
  | { readonly level: number; readonly children: readonly TreeChild[] };

const VERSION = 1;
const MAX_LEVEL = 16;

export function encodeLeaf(entries: readonly TreeEntry[]): Uint8Array {
  const lines = entries.map(({ path, type, mtimeNs, size, recipe }) => [
    path,
    type === 'file' ? 0 : 1,
    mtimeNs,
    size,
    recipe === undefined ? null : recipeToCbor(recipe),
  ]);
  return encodeCbor([VERSION, 0, lines]);
}

export function encodeInner(level: number, children: readonly TreeChild[]): Uint8Array {
  const lines = children.map(({ firstPath, id, entries, bytes }) => [
    firstPath,
    chunkIdToBytes(id),
    entries,
    bytes,
  ]);
  return encodeCbor([VERSION, level, lines]);
}

/** @throws ArchiveError TREE_DAMAGED */
export function decodeNode(bytes: Uint8Array): TreeNode {
  const value = decodeCbor(bytes);
  if (!Array.isArray(value) || value.length !== 3 || value[0] !== VERSION)
    throw damagedTree('a node has a wrong form');
  const [, level, lines] = value as [number, unknown, unknown];
  if (!isCount(level) || level > MAX_LEVEL) throw damagedTree('a node has a wrong level');
  if (!Array.isArray(lines) || lines.length > NODE_MAX_REFS)
    throw damagedTree('a node has too many lines');
  return level === 0
    ? { level: 0, entries: lines.map(entryFromCbor) }
    : { level, children: lines.map(childFromCbor) };
}

function entryFromCbor(line: unknown): TreeEntry {
  const [path, type, mtime, size, recipe] = Array.isArray(line) ? (line as unknown[]) : [];
  if (typeof path !== 'string' || !isSafeRelativePath(path))
    throw damagedTree('an entry has an unsafe path');
  if (type !== 0 && type !== 1) throw damagedTree('an entry has an unknown type');
  if (!isCount(size)) throw damagedTree('an entry has no size');
  if (!isTime(mtime)) throw damagedTree('an entry has no modification time');
  return {
    path,
    type: type === 0 ? 'file' : 'folder',
    mtimeNs: BigInt(mtime),
    size,
    recipe: type === 0 ? recipeFromCbor(recipe) : undefined,
  };
}

/** Nanoseconds in a signed 64-bit number, as on the wire. */
function isTime(value: unknown): value is number | bigint {
  return typeof value === 'bigint'
    ? BigInt.asIntN(64, value) === value
    : Number.isSafeInteger(value);
}

function childFromCbor(line: unknown): TreeChild {
  const [firstPath, id, entries, bytes] = Array.isArray(line) ? (line as unknown[]) : [];
  if (typeof firstPath !== 'string') throw damagedTree('a node has no first path');
  if (!isCount(entries) || !isCount(bytes)) throw damagedTree('a node has no counts');
  return { firstPath, id: idFromCbor(id), entries, bytes };
}
