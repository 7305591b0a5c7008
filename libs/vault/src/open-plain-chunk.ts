import { decodeBody } from '@rootcellar/chunking';
import { ArchiveError, chunkIdFromBytes, sha256 } from '@rootcellar/model';
import type { HouseholdKey } from './household-key.js';
import { openChunk } from './sealed-chunk.js';
import type { ChunkHead } from './sealed-chunk.js';

/**
 * Decrypts, expands and checks a chunk against its name.
 * @param lent see `decodeBody`
 * @throws ArchiveError CHUNK_DAMAGED
 */
export function openPlainChunk(
  key: HouseholdKey,
  head: ChunkHead,
  sealed: Uint8Array,
  lent = false,
): Uint8Array {
  const body = openChunk(key, head, sealed);
  const plain = decodeBody(head.codec, body, head.plainLength, {
    code: 'CHUNK_DAMAGED',
    lent,
  });
  if (sha256(plain) !== chunkIdFromBytes(head.id)) {
    throw new ArchiveError('CHUNK_DAMAGED', 'A stored chunk does not match its name.');
  }
  return plain;
}
