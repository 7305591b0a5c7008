import { plistInvalid } from './plist-errors.js';

/** The kinds of object: the upper half of the marker byte. */
export const Kind = {
  single: 0x0,
  integer: 0x1,
  real: 0x2,
  date: 0x3,
  data: 0x4,
  ascii: 0x5,
  utf16: 0x6,
  uid: 0x8,
  array: 0xa,
  set: 0xc,
  dict: 0xd,
} as const;

const HEADER_BYTES = 8;
const TRAILER_BYTES = 32;
/** The lower half of a marker that says: the size follows as an integer object. */
const SIZE_FOLLOWS = 0xf;

/** True for the version Apple writes, `bplist00`, and its minor versions. */
export function isBinaryPlist(bytes: Uint8Array): boolean {
  return (
    Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1', 0, 7) === 'bplist0'
  );
}

/**
 * The objects of a binary property list as they lie in its bytes; nothing is decoded before it is asked for. `seek`
 * goes to one object and leaves what it is in `kind`, `size`, `start`, which spares an allocation per object: a run
 * over 900,000 blobs seeks 30 million times.
 *
 * Format: CFBinaryPList.c of Apple's CoreFoundation. Header `bplist00`, objects, table of offsets, 32-byte trailer;
 * all numbers big-endian. Every offset, size and reference is checked against the bytes before it is used.
 */
export class BinaryObjects {
  readonly bytes: Buffer;
  /** How many objects there are. */
  readonly count: number;
  /** The object everything hangs on. */
  readonly top: number;
  /** Of the object sought: see {@link Kind}. */
  kind = 0;
  /** Of the object sought: bytes of a number or of data, characters of a string, entries of a container. */
  size = 0;
  /** Of the object sought: where its contents begin. */
  start = 0;
  readonly #table: number;
  readonly #offsetBytes: number;
  readonly #refBytes: number;
  /** Bytes per unit of `size`, by kind; -1 where there is no such kind. */
  readonly #unit: readonly number[];

  /** @throws ArchiveError PLIST_INVALID when the trailer does not fit the bytes. */
  constructor(plist: Uint8Array) {
    const bytes = Buffer.from(plist.buffer, plist.byteOffset, plist.length);
    if (bytes.length < HEADER_BYTES + TRAILER_BYTES || !isBinaryPlist(bytes))
      throw plistInvalid('it breaks off or is not binary');
    const trailer = bytes.length - TRAILER_BYTES;
    this.bytes = bytes;
    this.#offsetBytes = bytes.readUInt8(trailer + 6);
    this.#refBytes = bytes.readUInt8(trailer + 7);
    this.count = this.#uint(trailer + 8, 8);
    this.top = this.#uint(trailer + 16, 8);
    this.#table = this.#uint(trailer + 24, 8);
    const widthsFit = [this.#offsetBytes, this.#refBytes].every((width) => width > 0 && width <= 8);
    if (
      !widthsFit ||
      this.#table < HEADER_BYTES + 1 ||
      this.count < 1 ||
      this.#table + this.count * this.#offsetBytes > trailer
    )
      throw plistInvalid('its trailer does not fit its length');
    const ref = this.#refBytes;
    this.#unit = [0, 1, 1, 1, 1, 1, 2, -1, 1, -1, ref, -1, ref, 2 * ref, -1, -1];
  }

  /** @throws ArchiveError PLIST_INVALID when there is no such object, or it reaches beyond the objects. */
  seek(index: number): void {
    if (index >= this.count) throw plistInvalid('a reference leads to no object');
    const at = this.#uint(this.#table + index * this.#offsetBytes, this.#offsetBytes);
    if (at < HEADER_BYTES || at >= this.#table) throw plistInvalid('an object lies outside of it');
    const marker = this.bytes[at] ?? 0;
    this.kind = marker >> 4;
    this.start = at + 1;
    this.#readSize(marker & 0xf);
    const unit = this.#unit[this.kind] ?? -1;
    if (unit < 0 || this.start + this.size * unit > this.#table)
      throw plistInvalid('an object reaches beyond it');
  }

  /** True when the object sought is of this kind. A method, as the compiler takes a property to stay what it was. */
  is(kind: number): boolean {
    return this.kind === kind;
  }

  /** A reference of the container whose contents begin at `start`; a dictionary has its keys first, then its values. */
  ref(position: number, start: number = this.start): number {
    return this.#uint(start + position * this.#refBytes, this.#refBytes);
  }

  /** The object under `key` of the dictionary sought, or -1. Leaves the cursor at the key looked at last. */
  find(key: string): number {
    const { size, start } = this;
    for (let entry = 0; entry < size; entry += 1) {
      this.seek(this.ref(entry, start));
      if (this.isAscii(key)) return this.ref(size + entry, start);
    }
    return -1;
  }

  /** True when the object sought is the ASCII string `text`; faster than decoding it. */
  isAscii(text: string): boolean {
    if (this.kind !== Kind.ascii || this.size !== text.length) return false;
    for (let i = 0; i < text.length; i += 1) {
      if (this.bytes[this.start + i] !== text.charCodeAt(i)) return false;
    }
    return true;
  }

  #readSize(low: number): void {
    if (this.kind === Kind.single) this.size = low;
    else if (this.kind === Kind.uid) this.size = low + 1;
    else if (this.kind < Kind.data) this.size = low > 4 ? Number.POSITIVE_INFINITY : 1 << low;
    else if (low === SIZE_FOLLOWS) this.#readFollowingSize();
    else this.size = low;
  }

  #readFollowingSize(): void {
    const marker = this.bytes[this.start] ?? 0;
    const width = 1 << (marker & 0xf);
    if (marker >> 4 !== Kind.integer || width > 8) throw plistInvalid('a size is no number');
    this.size = this.#uint(this.start + 1, width);
    this.start += 1 + width;
  }

  /** Bytes beyond the end count as 0; what is read so fails the check that follows. */
  #uint(at: number, width: number): number {
    let value = 0;
    for (let i = at; i < at + width; i += 1) value = value * 256 + (this.bytes[i] ?? 0);
    return value;
  }
}
