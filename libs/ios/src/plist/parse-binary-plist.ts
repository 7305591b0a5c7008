import { BinaryObjects, Kind } from './binary-objects.js';
import { scalarOf } from './binary-scalars.js';
import { plistInvalid, plistTooLarge } from './plist-errors.js';
import type { PlistLimits } from './plist-limits.js';
import type { PlistValue } from './plist-value.js';

interface Walk {
  readonly objects: BinaryObjects;
  readonly limits: PlistLimits;
  /** Strings and numbers by object, so that one referenced a million times lies in memory once. */
  readonly scalars: Map<number, PlistValue>;
  /** The containers we are inside of, outermost first. */
  readonly open: number[];
  values: number;
}

/**
 * Reads a whole `bplist00`. Objects may be shared: each reference counts against `maxValues`, so that a list that
 * unfolds to billions is refused after a million; a container inside itself is refused.
 *
 * @throws ArchiveError PLIST_INVALID, PLIST_TOO_LARGE
 */
export function parseBinaryPlist(bytes: Uint8Array, limits: PlistLimits): PlistValue {
  if (bytes.length > limits.maxBytes) throw plistTooLarge('more bytes', limits.maxBytes);
  const objects = new BinaryObjects(bytes);
  return read({ objects, limits, scalars: new Map(), open: [], values: 0 }, objects.top);
}

function read(walk: Walk, index: number): PlistValue {
  const { objects, limits, scalars } = walk;
  walk.values += 1;
  if (walk.values > limits.maxValues) throw plistTooLarge('more values', limits.maxValues);
  const known = scalars.get(index);
  if (known !== undefined) return known;
  objects.seek(index);
  switch (objects.kind) {
    case Kind.array:
    case Kind.set:
      return inside(walk, index, () => readArray(walk));
    case Kind.dict:
      return inside(walk, index, () => readDict(walk));
    default: {
      const value = scalarOf(objects);
      scalars.set(index, value);
      return value;
    }
  }
}

function inside<T>(walk: Walk, index: number, readContents: () => T): T {
  const { open, limits } = walk;
  if (open.includes(index)) throw plistInvalid('a container holds itself');
  if (open.length >= limits.maxDepth) throw plistTooLarge('deeper nesting', limits.maxDepth);
  open.push(index);
  const contents = readContents();
  open.pop();
  return contents;
}

function readArray(walk: Walk): PlistValue[] {
  return references(walk, walk.objects.size).map((index) => read(walk, index));
}

function readDict(walk: Walk): Map<string, PlistValue> {
  const { size } = walk.objects;
  const refs = references(walk, 2 * size);
  const dict = new Map<string, PlistValue>();
  for (let entry = 0; entry < size; entry += 1) {
    const key = read(walk, refs[entry] ?? 0);
    if (typeof key !== 'string') throw plistInvalid('a key is no string');
    dict.set(key, read(walk, refs[size + entry] ?? 0));
  }
  return dict;
}

/** The references of the container sought. `seek` made sure that they lie in the bytes; the budget bounds the rest. */
function references(walk: Walk, count: number): number[] {
  if (walk.values + count > walk.limits.maxValues)
    throw plistTooLarge('more values', walk.limits.maxValues);
  return Array.from({ length: count }, (_, position) => walk.objects.ref(position));
}
