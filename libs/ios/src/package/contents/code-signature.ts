import { isArchiveError } from '@rootcellar/model';
import { parsePlist } from '../../plist/parse-plist.js';
import { PlistUid } from '../../plist/plist-value.js';
import type { PlistDict, PlistValue } from '../../plist/plist-value.js';
import { loadCommandsOf, slicesOf } from '../mach-o-commands.js';

/** mach-o/loader.h */
const LC_CODE_SIGNATURE = 0x1d;
/** cs_blobs.h of XNU; big-endian. */
const SUPER_BLOB = 0xfade0cc0;
const ENTITLEMENTS = 0xfade7171;
const BLOBS_MAX = 64;
const LIMITS = { maxBytes: 1024 * 1024, maxDepth: 16, maxValues: 10_000 };
const ENTITLEMENTS_MAX = 300;
const VALUE_MAX_CHARACTERS = 1000;

/** Where in the executable the signature of a slice lies. */
export interface SignaturePlace {
  readonly offset: number;
  readonly length: number;
}

/** Of the first slice whose commands lie in `head`; undefined when none tells. */
export function signaturePlaceIn(head: Uint8Array): SignaturePlace | undefined {
  const bytes = Buffer.from(head.buffer, head.byteOffset, head.length);
  for (const { offset } of slicesOf(bytes)) {
    const command = loadCommandsOf(bytes, offset)?.commands.find(
      (each) => each.command === LC_CODE_SIGNATURE && each.length >= 16,
    );
    if (command === undefined) continue;
    const place = bytes.readUInt32LE(command.at + 8);
    return { offset: offset + place, length: bytes.readUInt32LE(command.at + 12) };
  }
  return undefined;
}

/** The entitlements in a signature: name → value as JSON. Undefined when there are none. */
export function entitlementsIn(signature: Uint8Array): ReadonlyMap<string, string> | undefined {
  const bytes = Buffer.from(signature.buffer, signature.byteOffset, signature.length);
  if (bytes.length < 12 || bytes.readUInt32BE(0) !== SUPER_BLOB) return undefined;
  const blobs = Math.min(bytes.readUInt32BE(8), BLOBS_MAX);
  for (let index = 0; index < blobs && 20 + index * 8 <= bytes.length; index += 1) {
    const at = bytes.readUInt32BE(16 + index * 8);
    if (at + 8 > bytes.length || bytes.readUInt32BE(at) !== ENTITLEMENTS) continue;
    return readEntitlements(bytes.subarray(at + 8, at + bytes.readUInt32BE(at + 4)));
  }
  return undefined;
}

/** A list of entitlements as it stands in a signature or in a `.xcent` file. */
export function readEntitlements(list: Uint8Array): ReadonlyMap<string, string> | undefined {
  let parsed: PlistValue;
  try {
    parsed = parsePlist(list, LIMITS);
  } catch (error) {
    if (isArchiveError(error, 'PLIST_INVALID', 'PLIST_TOO_LARGE')) return undefined;
    throw error;
  }
  if (!(parsed instanceof Map)) return undefined;
  const found = [...(parsed as PlistDict)]
    .filter(([name]) => /^[\x21-\x7e]{1,200}$/.test(name))
    .map(([name, value]) => [name, toJson(value)] as const)
    .sort(([a], [b]) => (a < b ? -1 : 1));
  return new Map(found.slice(0, ENTITLEMENTS_MAX));
}

function toJson(value: PlistValue): string {
  const text = JSON.stringify(plain(value));
  return text.length > VALUE_MAX_CHARACTERS ? `${text.slice(0, VALUE_MAX_CHARACTERS)}…` : text;
}

function plain(value: PlistValue): unknown {
  if (value instanceof Map)
    return Object.fromEntries([...(value as PlistDict)].map(([k, v]) => [k, plain(v)]));
  if (Array.isArray(value)) return (value as readonly PlistValue[]).map(plain);
  if (typeof value === 'bigint') return String(value);
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  return value instanceof PlistUid ? value.value : value;
}
