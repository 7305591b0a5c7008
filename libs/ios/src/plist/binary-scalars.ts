import type { BinaryObjects } from './binary-objects.js';
import { Kind } from './binary-objects.js';
import { plistInvalid } from './plist-errors.js';
import { PlistUid } from './plist-value.js';
import type { PlistValue } from './plist-value.js';

/** Seconds from 1970 to 2001-01-01T00:00:00Z, where Apple's dates begin. */
const APPLE_EPOCH_SECONDS = 978_307_200;

/**
 * The object sought, when it is no container.
 *
 * @throws ArchiveError PLIST_INVALID
 */
export function scalarOf(objects: BinaryObjects): PlistValue {
  const { kind, bytes, start, size } = objects;
  switch (kind) {
    case Kind.single:
      return singleOf(size);
    case Kind.integer:
      return integerOf(objects);
    case Kind.real:
      return realOf(objects);
    case Kind.date:
      if (size !== 8) throw plistInvalid('a date does not have 8 bytes');
      return appleDate(bytes.readDoubleBE(start));
    case Kind.data:
      return bytes.subarray(start, start + size);
    case Kind.ascii:
    case Kind.utf16:
      return stringOf(objects);
    case Kind.uid:
      return uidOf(objects);
    default:
      throw plistInvalid('it holds an object of an unknown kind');
  }
}

/** The string sought; ASCII is read as Latin-1, which never fails. */
export function stringOf(objects: BinaryObjects): string {
  const { bytes, start, size } = objects;
  if (objects.kind === Kind.ascii) return bytes.toString('latin1', start, start + size);
  return Buffer.from(bytes.subarray(start, start + 2 * size))
    .swap16()
    .toString('utf16le');
}

/** The whole number sought: 1, 2 and 4 bytes are unsigned, 8 and 16 are signed. */
export function integerOf(objects: BinaryObjects): number | bigint {
  const { bytes, start, size } = objects;
  if (size <= 4) return bytes.readUIntBE(start, size);
  const high = bytes.readInt32BE(start);
  if (size === 8) {
    const value = high * 0x1_0000_0000 + bytes.readUInt32BE(start + 4);
    return Number.isSafeInteger(value) ? value : bytes.readBigInt64BE(start);
  }
  const wide = (bytes.readBigInt64BE(start) << 64n) | bytes.readBigUInt64BE(start + 8);
  return wide >= BigInt(Number.MIN_SAFE_INTEGER) && wide <= BigInt(Number.MAX_SAFE_INTEGER)
    ? Number(wide)
    : wide;
}

function singleOf(low: number): PlistValue {
  if (low === 0) return null;
  if (low === 8) return false;
  if (low === 9) return true;
  throw plistInvalid('it holds an object of an unknown kind');
}

function realOf({ bytes, start, size }: BinaryObjects): number {
  if (size === 4) return bytes.readFloatBE(start);
  if (size === 8) return bytes.readDoubleBE(start);
  throw plistInvalid('a real number has neither 4 nor 8 bytes');
}

/** NSKeyedArchiver's UIDs are 32 bits wide. */
function uidOf({ bytes, start, size }: BinaryObjects): PlistUid {
  if (size > 4) throw plistInvalid('a UID has more than 4 bytes');
  return new PlistUid(bytes.readUIntBE(start, size));
}

function appleDate(seconds: number): Date | null {
  const date = new Date((seconds + APPLE_EPOCH_SECONDS) * 1000);
  return Number.isNaN(date.getTime()) ? null : date;
}
