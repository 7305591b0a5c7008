import { PlistUid } from '../plist/plist-value.js';
import { dictEntries } from './plist-source.js';
import type { PlistSource } from './plist-source.js';

/** An object as it will lie in the file: its bytes, or a container that refers to other objects by position. */
export type BinaryPlistPart = Buffer | BinaryPlistContainer;

export interface BinaryPlistContainer {
  readonly container: 'array' | 'set' | 'dict';
  /** Of a dictionary all keys, then all values. */
  readonly refs: readonly number[];
}

export interface BinaryPlistLayout {
  readonly parts: readonly BinaryPlistPart[];
  readonly top?: number;
  /** Bytes per reference: 1 … 8; 2 unless given. */
  readonly refBytes?: number;
}

const CONTAINER_MARKERS = { array: 0xa0, set: 0xc0, dict: 0xd0 } as const;
const APPLE_EPOCH_SECONDS = 978_307_200;

/** Writes a `bplist00`, every value an object of its own. */
export function writeBinaryPlist(value: PlistSource): Buffer {
  const parts: BinaryPlistPart[] = [];
  add(parts, value);
  return assembleBinaryPlist({ parts, refBytes: parts.length > 0xffff ? 4 : 2 });
}

/** Puts a `bplist00` together from parts as they are, however little sense they make. */
export function assembleBinaryPlist(layout: BinaryPlistLayout): Buffer {
  const { parts, top = 0, refBytes = 2 } = layout;
  const bodies = parts.map((part) =>
    Buffer.isBuffer(part) ? part : containerBytes(part, refBytes),
  );
  const offsets: number[] = [];
  let at = 8;
  for (const body of bodies) {
    offsets.push(at);
    at += body.length;
  }
  const table = Buffer.concat(offsets.map((offset) => unsigned(offset, 4)));
  const trailer = Buffer.alloc(32);
  trailer.writeUInt8(4, 6);
  trailer.writeUInt8(refBytes, 7);
  trailer.writeBigUInt64BE(BigInt(parts.length), 8);
  trailer.writeBigUInt64BE(BigInt(top), 16);
  trailer.writeBigUInt64BE(BigInt(at), 24);
  return Buffer.concat([Buffer.from('bplist00', 'latin1'), ...bodies, table, trailer]);
}

/** The bytes of one scalar object. */
export function binaryScalar(value: PlistSource): Buffer {
  if (value === null) return Buffer.of(0x00);
  if (typeof value === 'boolean') return Buffer.of(value ? 0x09 : 0x08);
  if (typeof value === 'string') return stringBytes(value);
  if (typeof value === 'bigint') return integerBytes(value);
  if (typeof value === 'number')
    return Number.isSafeInteger(value) ? integerBytes(BigInt(value)) : double(0x23, value);
  if (value instanceof Date) return double(0x33, value.getTime() / 1000 - APPLE_EPOCH_SECONDS);
  if (value instanceof Uint8Array) return Buffer.concat([marker(0x40, value.length), value]);
  if (value instanceof PlistUid) return Buffer.concat([Buffer.of(0x83), unsigned(value.value, 4)]);
  throw new TypeError('A binary property list cannot hold this value.');
}

function add(parts: BinaryPlistPart[], value: PlistSource): number {
  const index = parts.length;
  const entries = dictEntries(value);
  if (entries !== undefined) {
    parts.push(Buffer.alloc(0));
    const keys = entries.map(([key]) => add(parts, key));
    const values = entries.map(([, entry]) => add(parts, entry));
    parts[index] = { container: 'dict', refs: [...keys, ...values] };
  } else if (Array.isArray(value)) {
    parts.push(Buffer.alloc(0));
    const refs = (value as readonly PlistSource[]).map((item) => add(parts, item));
    parts[index] = { container: 'array', refs };
  } else {
    parts.push(binaryScalar(value));
  }
  return index;
}

function containerBytes({ container, refs }: BinaryPlistContainer, refBytes: number): Buffer {
  const count = container === 'dict' ? Math.floor(refs.length / 2) : refs.length;
  const references = refs.map((ref) => unsigned(ref, refBytes));
  return Buffer.concat([marker(CONTAINER_MARKERS[container], count), ...references]);
}

function marker(kind: number, count: number): Buffer {
  if (count < 15) return Buffer.of(kind | count);
  return Buffer.concat([Buffer.of(kind | 0xf), integerBytes(BigInt(count))]);
}

function stringBytes(text: string): Buffer {
  const isAscii = Buffer.byteLength(text) === text.length;
  const body = isAscii ? Buffer.from(text, 'latin1') : Buffer.from(text, 'utf16le').swap16();
  return Buffer.concat([marker(isAscii ? 0x50 : 0x60, text.length), body]);
}

function integerBytes(value: bigint): Buffer {
  if (value >= 0n && value < 0x100n) return Buffer.of(0x10, Number(value));
  if (value >= 0n && value < 0x1_0000n)
    return Buffer.of(0x11, Number(value) >> 8, Number(value) & 0xff);
  const wide = Buffer.alloc(16);
  wide.writeBigInt64BE(BigInt.asIntN(64, value >> 64n), 0);
  wide.writeBigUInt64BE(BigInt.asUintN(64, value), 8);
  const fits = BigInt.asIntN(64, value) === value;
  return Buffer.concat([Buffer.of(fits ? 0x13 : 0x14), wide.subarray(fits ? 8 : 0)]);
}

function double(kind: number, value: number): Buffer {
  const bytes = Buffer.alloc(9);
  bytes.writeUInt8(kind, 0);
  bytes.writeDoubleBE(value, 1);
  return bytes;
}

function unsigned(value: number, width: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(value));
  return bytes.subarray(8 - width);
}
