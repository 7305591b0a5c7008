import { APPLE_EPOCH_MS, PlistUid } from './plist.js';
import type { PlistValue } from './plist.js';

const TRAILER_BYTES = 32;
const DEPTH_MAX = 32;

/** True for the binary form; `Info.plist` usually is XML. */
export function isBinaryPlist(bytes: Buffer): boolean {
  return bytes.subarray(0, 8).toString('latin1') === 'bplist00';
}

/**
 * For the folders a benchmark is given, not for hostile input: `@rootcellar/ios` has the bounded reader.
 * Anything out of the ordinary throws.
 */
export function readBinaryPlist(bytes: Buffer): PlistValue {
  if (!isBinaryPlist(bytes)) throw new Error('Not a binary property list.');
  const trailer = bytes.subarray(-TRAILER_BYTES);
  const offsetBytes = trailer.readUInt8(6);
  const referenceBytes = trailer.readUInt8(7);
  const table = Number(trailer.readBigUInt64BE(24));

  function read(number: number, depth: number): PlistValue {
    if (depth > DEPTH_MAX) throw new Error('A property list nested too deeply.');
    return object(bytes.readUIntBE(table + number * offsetBytes, offsetBytes), depth);
  }

  function object(at: number, depth: number): PlistValue {
    const marker = bytes.readUInt8(at);
    const low = marker & 0x0f;
    switch (marker >> 4) {
      case 0x0:
        return low === 9;
      case 0x1:
        return integer(at + 1, 2 ** low);
      case 0x2:
        return low === 2 ? bytes.readFloatBE(at + 1) : bytes.readDoubleBE(at + 1);
      case 0x3:
        return new Date(APPLE_EPOCH_MS + bytes.readDoubleBE(at + 1) * 1000);
      case 0x8:
        return new PlistUid(bytes.readUIntBE(at + 1, low + 1));
      default:
        return counted(marker, at, depth);
    }
  }

  function counted(marker: number, at: number, depth: number): PlistValue {
    const { count, start } = countAt(marker & 0x0f, at + 1);
    switch (marker >> 4) {
      case 0x4:
        return Buffer.from(bytes.subarray(start, start + count));
      case 0x5:
        return bytes.toString('latin1', start, start + count);
      case 0x6:
        return Buffer.from(bytes.subarray(start, start + count * 2))
          .swap16()
          .toString('utf16le');
      case 0xa:
        return references(start, count).map((number) => read(number, depth + 1));
      case 0xd: {
        const keys = references(start, count).map((number) => key(number, depth + 1));
        const values = references(start + count * referenceBytes, count);
        return Object.fromEntries(
          values.map((number, index) => [keys[index] ?? '', read(number, depth + 1)]),
        );
      }
      default:
        throw new Error(`A property list with an object of unknown kind 0x${marker.toString(16)}.`);
    }
  }

  function key(number: number, depth: number): string {
    const value = read(number, depth);
    if (typeof value === 'string') return value;
    throw new Error('A property list with a key that is no text.');
  }

  function countAt(low: number, at: number): { count: number; start: number } {
    if (low < 15) return { count: low, start: at };
    const size = 2 ** (bytes.readUInt8(at) & 0x0f);
    return { count: Number(integer(at + 1, size)), start: at + 1 + size };
  }

  function integer(at: number, size: number): number | bigint {
    if (size < 8) return bytes.readUIntBE(at, size);
    // 16 bytes hold unsigned 64-bit values: the upper half is zero.
    const value = bytes.readBigInt64BE(at + size - 8);
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  function references(start: number, count: number): number[] {
    return Array.from({ length: count }, (_, index) =>
      bytes.readUIntBE(start + index * referenceBytes, referenceBytes),
    );
  }

  const top = Number(trailer.readBigUInt64BE(16));
  return read(top, 0);
}
