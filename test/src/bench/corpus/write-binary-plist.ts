import { APPLE_EPOCH_MS, PlistUid, isDictionary } from './plist.js';
import type { PlistValue } from './plist.js';

/** An object with the numbers of the objects inside it; dictionaries list keys first, then values. */
interface Flat {
  readonly value: PlistValue;
  readonly references: readonly number[];
}

const MARKER = { integer: 0x10, date: 0x33, data: 0x40, ascii: 0x50, utf16: 0x60, uid: 0x80 };
const ARRAY = 0xa0;
const DICTIONARY = 0xd0;
const TRAILER_BYTES = 32;

/** `bplist00`, as Apple's CFBinaryPList.c describes it. Equal objects are not joined: Apple's writer may, need not. */
export function writeBinaryPlist(root: PlistValue): Buffer {
  const objects: Flat[] = [];
  flatten(root, objects);
  const referenceBytes = bytesFor(objects.length);
  const out = new PlistBytes();
  out.text('bplist00', 'latin1');
  const offsets = objects.map((object) => {
    const offset = out.length;
    writeObject(out, object, referenceBytes);
    return offset;
  });
  const table = out.length;
  const offsetBytes = bytesFor(table);
  for (const offset of offsets) out.number(offset, offsetBytes);
  const trailer = Buffer.alloc(TRAILER_BYTES);
  trailer[6] = offsetBytes;
  trailer[7] = referenceBytes;
  trailer.writeBigUInt64BE(BigInt(objects.length), 8);
  trailer.writeBigUInt64BE(BigInt(table), 24);
  out.bytes(trailer);
  return out.finish();
}

function flatten(value: PlistValue, objects: Flat[]): number {
  const number = objects.length;
  const references: number[] = [];
  objects.push({ value, references });
  if (isList(value)) {
    for (const item of value) references.push(flatten(item, objects));
  } else if (isDictionary(value)) {
    for (const key in value) references.push(flatten(key, objects));
    for (const key in value) references.push(flatten(value[key] ?? '', objects));
  }
  return number;
}

function isList(value: PlistValue): value is readonly PlistValue[] {
  return Array.isArray(value);
}

function writeObject(out: PlistBytes, { value, references }: Flat, referenceBytes: number): void {
  if (typeof value === 'string') writeText(out, value);
  else if (typeof value === 'boolean') out.number(value ? 9 : 8, 1);
  else if (typeof value === 'number' || typeof value === 'bigint') writeInteger(out, value);
  else if (value instanceof Date) {
    out.number(MARKER.date, 1);
    out.double((value.getTime() - APPLE_EPOCH_MS) / 1000);
  } else if (value instanceof PlistUid) {
    const size = bytesFor(value.index);
    out.number(MARKER.uid | (size - 1), 1);
    out.number(value.index, size);
  } else if (value instanceof Uint8Array) {
    out.head(MARKER.data, value.length);
    out.bytes(value);
  } else {
    const list = isList(value);
    out.head(list ? ARRAY : DICTIONARY, list ? references.length : references.length / 2);
    for (const reference of references) out.number(reference, referenceBytes);
  }
}

function writeText(out: PlistBytes, text: string): void {
  // eslint-disable-next-line no-control-regex -- the format's ASCII is all of it
  if (/^[\x00-\x7f]*$/.test(text)) {
    out.head(MARKER.ascii, text.length);
    out.text(text, 'latin1');
    return;
  }
  out.head(MARKER.utf16, text.length);
  out.bytes(Buffer.from(text, 'utf16le').swap16());
}

function writeInteger(out: PlistBytes, value: number | bigint): void {
  const size = value < 0 || value > 0xffffffff ? 8 : bytesFor(Number(value));
  out.number(MARKER.integer | Math.log2(size), 1);
  if (size === 8) out.bytes(eightBytes(BigInt(value)));
  else out.number(Number(value), size);
}

function eightBytes(value: bigint): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(value);
  return bytes;
}

/** 1, 2 or 4: what the format allows and 4 GiB of property list need. */
function bytesFor(largest: number): number {
  if (largest <= 0xff) return 1;
  return largest <= 0xffff ? 2 : 4;
}

class PlistBytes {
  length = 0;
  #buffer = Buffer.allocUnsafe(1024);

  head(marker: number, count: number): void {
    this.number(marker | Math.min(count, 15), 1);
    if (count >= 15) writeInteger(this, count);
  }

  number(value: number, size: number): void {
    this.length = this.#room(size).writeUIntBE(value, this.length, size);
  }

  double(value: number): void {
    this.length = this.#room(8).writeDoubleBE(value, this.length);
  }

  text(text: string, encoding: 'latin1'): void {
    this.length += this.#room(text.length).write(text, this.length, encoding);
  }

  bytes(bytes: Uint8Array): void {
    this.#room(bytes.length).set(bytes, this.length);
    this.length += bytes.length;
  }

  finish(): Buffer {
    return Buffer.from(this.#buffer.subarray(0, this.length));
  }

  #room(more: number): Buffer {
    const needed = this.length + more;
    if (needed > this.#buffer.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#buffer.length * 2));
      this.#buffer.copy(larger, 0, 0, this.length);
      this.#buffer = larger;
    }
    return this.#buffer;
  }
}
