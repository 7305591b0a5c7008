import { CHUNK_ID_BYTES } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import { protocolBroken } from './protocol-broken.js';

/** Most ids of one question. */
export const HAVE_MAX_IDS = 4096;

/** "Which of these do you have?" @param ids 1 … 4096 */
export function encodeHaveQuestion(ids: readonly ChunkId[]): Buffer {
  if (ids.length < 1 || ids.length > HAVE_MAX_IDS)
    throw new RangeError('1 … 4096 ids are asked for');
  return Buffer.from(ids.join(''), 'hex');
}

/** @throws ArchiveError PROTOCOL_BROKEN */
export function decodeHaveQuestion(bytes: Uint8Array): ChunkId[] {
  const count = bytes.length / CHUNK_ID_BYTES;
  if (!Number.isInteger(count) || count < 1 || count > HAVE_MAX_IDS) {
    throw protocolBroken('1 … 4096 ids of 32 bytes are expected');
  }
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex');
  const digits = CHUNK_ID_BYTES * 2;
  return Array.from(
    { length: count },
    (_, at) => text.slice(at * digits, (at + 1) * digits) as ChunkId,
  );
}

/** One byte for each id, in order: 1 for held, 0 for lacking. */
export function encodeHaveAnswer(held: readonly boolean[]): Uint8Array {
  return Uint8Array.from(held, Number);
}

/** @param count how many ids were asked for @throws ArchiveError PROTOCOL_BROKEN */
export function decodeHaveAnswer(bytes: Uint8Array, count: number): boolean[] {
  if (bytes.length !== count || bytes.some((byte) => byte > 1)) {
    throw protocolBroken('the answer is not one 0 or 1 for each id');
  }
  return Array.from(bytes, (byte) => byte === 1);
}
