import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { CODEC } from '@rootcellar/chunking';
import type { Codec } from '@rootcellar/chunking';
import { ArchiveError } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import { deriveTrailerKey, uuidBytes } from './household-key.js';
import type { HouseholdKey } from './household-key.js';
import { CHUNK_KIND, SEAL_BYTES } from './sealed-chunk.js';
import type { ChunkHead, ChunkKind } from './sealed-chunk.js';

/** Data and metadata never share a pack, so that listing and collecting never read data. */
export const PACK_TYPE = { data: 1, metadata: 2 } as const;
export type PackType = (typeof PACK_TYPE)[keyof typeof PACK_TYPE];

/** One chunk of a pack. */
export interface PackEntry extends ChunkHead {
  /** From the pack's first byte. */
  readonly offset: number;
  /** Bytes in the pack, nonce and tag included. */
  readonly sealedLength: number;
}

const MAGIC = Buffer.from('RCPACK');
const FORMAT = 1;
export const PACK_HEADER_BYTES = 8;
/** id ‖ kind ‖ codec ‖ plain length ‖ sealed length */
export const PACK_ENTRY_BYTES = 42;
const FOOTER_BYTES = 36;
const INDEX_OVERHEAD = SEAL_BYTES;
/** No pack is larger; a reader refuses one before allocating. */
export const PACK_MAX_BYTES = 64 * 1024 * 1024;
/** A pack without a chunk. */
export const PACK_MIN_BYTES = PACK_HEADER_BYTES + INDEX_OVERHEAD + FOOTER_BYTES;

export interface PackIdentity {
  readonly packId: PackId;
  readonly type: PackType;
  readonly householdKey: HouseholdKey;
}

export function encodePackHeader(type: PackType): Buffer {
  return Buffer.concat([MAGIC, Buffer.of(FORMAT, type)]);
}

/**
 * Index and footer of a pack.
 * @param sealed the sealed chunks, in order, as they follow the header
 * @param entries the plain index: PACK_ENTRY_BYTES a chunk, in order
 * @returns the bytes behind the chunks, and the pack's SHA-256 as its footer holds it
 */
export function encodePackTail(
  pack: PackIdentity,
  sealed: readonly Uint8Array[],
  entries: Uint8Array,
): { tail: Buffer; sha256: Buffer } {
  const header = encodePackHeader(pack.type);
  const nonce = randomBytes(12);
  const packId = uuidBytes(pack.packId);
  const cipher = createCipheriv('aes-256-gcm', deriveTrailerKey(pack.householdKey, packId), nonce);
  cipher.setAAD(Buffer.concat([header, packId]));
  const index = Buffer.concat([nonce, cipher.update(entries), cipher.final(), cipher.getAuthTag()]);
  const length = Buffer.allocUnsafe(4);
  length.writeUInt32LE(index.length);
  const digest = createHash('sha256').update(header);
  for (const part of [...sealed, index, length]) digest.update(part);
  const sha256 = digest.digest();
  return { tail: Buffer.concat([index, length, sha256]), sha256 };
}

/** One line of the index. */
export function encodePackEntry(entry: Omit<PackEntry, 'offset'>): Buffer {
  const line = Buffer.allocUnsafe(PACK_ENTRY_BYTES);
  line.set(entry.id, 0);
  line.writeUInt8(entry.kind, 32);
  line.writeUInt8(entry.codec, 33);
  line.writeUInt32LE(entry.plainLength, 34);
  line.writeUInt32LE(entry.sealedLength, 38);
  return line;
}

/** @throws ArchiveError PACK_DAMAGED */
export function decodePackEntries(lines: Uint8Array): PackEntry[] {
  if (lines.length % PACK_ENTRY_BYTES !== 0) throw damaged('its index has a broken line');
  const view = Buffer.from(lines.buffer, lines.byteOffset, lines.length);
  const entries: PackEntry[] = [];
  let offset = PACK_HEADER_BYTES;
  for (let at = 0; at < view.length; at += PACK_ENTRY_BYTES) {
    const kind = view.readUInt8(at + 32);
    const sealedLength = view.readUInt32LE(at + 38);
    const codec = view.readUInt8(at + 33);
    if (!isChunkKind(kind) || !isCodec(codec))
      throw damaged('its index names an unknown kind or codec');
    if (sealedLength < SEAL_BYTES) throw damaged('its index has a chunk without room for its seal');
    entries.push({
      id: view.subarray(at, at + 32),
      kind,
      codec,
      plainLength: view.readUInt32LE(at + 34),
      offset,
      sealedLength,
    });
    offset += sealedLength;
  }
  return entries;
}

/**
 * Reads a whole pack: form, SHA-256, index.
 * @throws ArchiveError PACK_DAMAGED, FORMAT_UNKNOWN
 */
export function decodePack(pack: PackIdentity, bytes: Uint8Array): PackEntry[] {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  if (view.length < PACK_MIN_BYTES) throw damaged('it is too short');
  if (!view.subarray(0, MAGIC.length).equals(MAGIC)) throw damaged('it does not begin like a pack');
  if (view[MAGIC.length] !== FORMAT) {
    throw new ArchiveError(
      'FORMAT_UNKNOWN',
      'A pack has a format version this release does not know.',
    );
  }
  if (view[MAGIC.length + 1] !== pack.type) throw damaged('it is of the other type');
  const hashAt = view.length - 32;
  const expected = createHash('sha256').update(view.subarray(0, hashAt)).digest();
  if (!expected.equals(view.subarray(hashAt))) throw damaged('its SHA-256 differs');
  const indexLength = view.readUInt32LE(hashAt - 4);
  const indexAt = hashAt - 4 - indexLength;
  if (indexLength < INDEX_OVERHEAD || indexAt < PACK_HEADER_BYTES)
    throw damaged('its index has no room');
  const entries = decodePackEntries(openIndex(pack, view.subarray(indexAt, indexAt + indexLength)));
  const last = entries.at(-1);
  const chunksEnd = last === undefined ? PACK_HEADER_BYTES : last.offset + last.sealedLength;
  if (chunksEnd !== indexAt) throw damaged('its index does not add up to its chunks');
  return entries;
}

function openIndex(pack: PackIdentity, index: Uint8Array): Buffer {
  const packId = uuidBytes(pack.packId);
  const key = deriveTrailerKey(pack.householdKey, packId);
  const decipher = createDecipheriv('aes-256-gcm', key, index.subarray(0, 12));
  decipher.setAAD(Buffer.concat([encodePackHeader(pack.type), packId]));
  decipher.setAuthTag(index.subarray(index.length - 16));
  try {
    return Buffer.concat([decipher.update(index.subarray(12, -16)), decipher.final()]);
  } catch (cause) {
    throw damaged('its index cannot be decrypted', cause);
  }
}

function isCodec(codec: number): codec is Codec {
  return Object.values<number>(CODEC).includes(codec);
}

function isChunkKind(kind: number): kind is ChunkKind {
  return Object.values<number>(CHUNK_KIND).includes(kind);
}

function damaged(why: string, cause?: unknown): ArchiveError {
  return new ArchiveError('PACK_DAMAGED', `A pack is damaged: ${why}.`, {
    cause,
    hint: 'Run `rootcellar admin scrub`; restore the object from a copy of the bucket if there is one.',
  });
}
