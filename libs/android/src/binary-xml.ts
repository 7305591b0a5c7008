import { manifestDamaged } from './android-errors.js';
import { StringPool } from './string-pool.js';

/** An attribute's value as far as the file itself tells; references to resources lead out of it. */
export type XmlValue = string | number | boolean | undefined;

export interface XmlElement {
  readonly name: string;
  /** 1 for the root. */
  readonly depth: number;
  /**
   * By the number Android gave the attribute, else by its name without a namespace.
   * @param id resource id of `android:…`; undefined for attributes outside of the namespace
   */
  attribute(name: string, id?: number): XmlValue;
}

const FILE = 0x0003;
const STRING_POOL = 0x0001;
const RESOURCE_MAP = 0x0180;
const START_ELEMENT = 0x0102;
const END_ELEMENT = 0x0103;
const HEADER_BYTES = 8;
/** Line and comment of a node come behind the header. */
const NODE_BYTES = 16;
const ELEMENT_BYTES = 20;
const ATTRIBUTE_BYTES = 20;
const MAX_DEPTH = 256;
/** Of a value: its type, in the third byte before the data. */
const TYPE = { string: 0x03, decimal: 0x10, hexadecimal: 0x11, boolean: 0x12 } as const;

/**
 * Walks the elements of a binary XML file, as Android compiles AndroidManifest.xml (AOSP, ResourceTypes.h). What it claims of lengths
 * and counts is checked against the bytes before it is used; work grows with the bytes alone.
 *
 * @throws ArchiveError PACKAGE_MANIFEST_DAMAGED
 */
export function* elementsOf(bytes: Buffer): Generator<XmlElement> {
  if (bytes.length < HEADER_BYTES || bytes.readUInt16LE(0) !== FILE)
    throw manifestDamaged('is no binary XML');
  let strings: StringPool | undefined;
  let ids: Buffer = Buffer.alloc(0);
  let depth = 0;
  for (const { type, chunk } of chunksOf(bytes)) {
    if (type === STRING_POOL) strings ??= new StringPool(chunk);
    else if (type === RESOURCE_MAP) ids = chunk.subarray(HEADER_BYTES);
    else if (type === START_ELEMENT) {
      depth += 1;
      if (strings === undefined) throw manifestDamaged('has no strings');
      if (depth > MAX_DEPTH) throw manifestDamaged('is nested deeper than any');
      yield new StartElement(chunk, depth, { strings, ids });
    } else if (type === END_ELEMENT) depth -= 1;
  }
}

function* chunksOf(bytes: Buffer): Generator<{ readonly type: number; readonly chunk: Buffer }> {
  let at = Math.max(HEADER_BYTES, bytes.readUInt16LE(2));
  while (at < bytes.length) {
    if (at + HEADER_BYTES > bytes.length) throw manifestDamaged('is cut off');
    const size = bytes.readUInt32LE(at + 4);
    if (size < HEADER_BYTES || at + size > bytes.length) throw manifestDamaged('is cut off');
    yield { type: bytes.readUInt16LE(at), chunk: bytes.subarray(at, at + size) };
    at += size;
  }
}

interface Names {
  readonly strings: StringPool;
  /** Resource ids of the first strings, 4 bytes each. */
  readonly ids: Buffer;
}

class StartElement implements XmlElement {
  readonly name: string;
  readonly depth: number;
  readonly #chunk: Buffer;
  readonly #names: Names;

  constructor(chunk: Buffer, depth: number, names: Names) {
    if (chunk.length < NODE_BYTES + ELEMENT_BYTES) throw manifestDamaged('is cut off');
    this.#chunk = chunk;
    this.#names = names;
    this.depth = depth;
    this.name = names.strings.get(chunk.readUInt32LE(NODE_BYTES + 4)) ?? '';
  }

  attribute(name: string, id?: number): XmlValue {
    for (const at of this.#attributes()) {
      const index = this.#chunk.readUInt32LE(at + 4);
      const resource = this.#resourceOf(index);
      const fits =
        resource === undefined ? this.#names.strings.get(index) === name : resource === id;
      if (fits) return this.#valueAt(at);
    }
    return undefined;
  }

  *#attributes(): Generator<number> {
    const start = NODE_BYTES + this.#chunk.readUInt16LE(NODE_BYTES + 8);
    const size = this.#chunk.readUInt16LE(NODE_BYTES + 10);
    const count = this.#chunk.readUInt16LE(NODE_BYTES + 12);
    if (count > 0 && size < ATTRIBUTE_BYTES) throw manifestDamaged('has attributes of no size');
    if (start + count * size > this.#chunk.length)
      throw manifestDamaged('claims attributes it does not have');
    for (let each = 0; each < count; each += 1) yield start + each * size;
  }

  #resourceOf(index: number): number | undefined {
    const { ids } = this.#names;
    const at = index * 4;
    if (at + 4 > ids.length) return undefined;
    const id = ids.readUInt32LE(at);
    return id === 0 ? undefined : id;
  }

  #valueAt(at: number): XmlValue {
    const type = this.#chunk.readUInt8(at + 15);
    const data = this.#chunk.readUInt32LE(at + 16);
    if (type === TYPE.string) return this.#names.strings.get(data);
    if (type === TYPE.decimal || type === TYPE.hexadecimal) return data;
    return type === TYPE.boolean ? data !== 0 : undefined;
  }
}
