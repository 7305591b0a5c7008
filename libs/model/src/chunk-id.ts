import { createHash, hash } from 'node:crypto';
import { ArchiveError } from './archive-error.js';

declare const brand: unique symbol;
/** SHA-256 of a chunk's plain bytes, 64 lower-case hex digits. A name, never a permission. */
export type ChunkId = string & { readonly [brand]: 'ChunkId' };

export const CHUNK_ID_BYTES = 32;
const FORM = /^[0-9a-f]{64}$/;

/** @throws ArchiveError INPUT_INVALID */
export function chunkId(text: string): ChunkId {
  if (!FORM.test(text))
    throw new ArchiveError('INPUT_INVALID', 'A chunk id is 64 lower-case hex digits.');
  return text as ChunkId;
}

/** @param bytes exactly 32 bytes; a view is enough, nothing is kept of it. */
export function chunkIdFromBytes(bytes: Uint8Array): ChunkId {
  if (bytes.length !== CHUNK_ID_BYTES)
    throw new ArchiveError('INPUT_INVALID', 'A chunk id has 32 bytes.');
  return Buffer.from(bytes.buffer, bytes.byteOffset, CHUNK_ID_BYTES).toString('hex') as ChunkId;
}

export function chunkIdToBytes(id: ChunkId): Buffer {
  return Buffer.from(id, 'hex');
}

/** SHA-256 (FIPS 180-4) of one buffer, or of several in a row. */
export function sha256(...parts: readonly Uint8Array[]): ChunkId {
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return hash('sha256', only, 'hex') as ChunkId;
  const digest = createHash('sha256');
  for (const part of parts) digest.update(part);
  return digest.digest('hex') as ChunkId;
}
