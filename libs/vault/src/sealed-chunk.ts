import { createCipheriv, createDecipheriv, randomFillSync } from 'node:crypto';
import { copyInto, passBulk } from '@rootcellar/chunking';
import type { Codec } from '@rootcellar/chunking';
import { ArchiveError } from '@rootcellar/model';
import { deriveChunkKey } from './household-key.js';
import type { HouseholdKey } from './household-key.js';

/** What a chunk holds. Numbers as in docs/format.md. */
export const CHUNK_KIND = { data: 1, list: 2, tree: 3, root: 4 } as const;
export type ChunkKind = (typeof CHUNK_KIND)[keyof typeof CHUNK_KIND];

/** What must be known to open a sealed chunk; all of it is authenticated. */
export interface ChunkHead {
  /** 32 bytes: SHA-256 of the plain bytes. */
  readonly id: Uint8Array;
  readonly kind: ChunkKind;
  readonly codec: Codec;
  readonly plainLength: number;
}

const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** What sealing adds to a chunk's body. */
export const SEAL_BYTES = NONCE_BYTES + TAG_BYTES;

/** Randomness is fetched for many nonces at a time: asking for 12 bytes costs as much as for a thousand times that. */
const nonces = Buffer.alloc(NONCE_BYTES * 1024);
let nonceAt = nonces.length;

function freshNonce(): Buffer {
  if (nonceAt === nonces.length) {
    randomFillSync(nonces);
    nonceAt = 0;
  }
  nonceAt += NONCE_BYTES;
  return nonces.subarray(nonceAt - NONCE_BYTES, nonceAt);
}

/** Writes `nonce ‖ ciphertext ‖ tag` to `target` at `offset`; @returns the bytes written. */
export function sealChunk(
  key: HouseholdKey,
  chunk: { readonly head: ChunkHead; readonly body: Uint8Array },
  target: Uint8Array,
  offset: number,
): number {
  // The body may lie in the target itself, a little further on: it is read before anything is written.
  const nonce = freshNonce();
  const cipher = createCipheriv('aes-256-gcm', deriveChunkKey(key, chunk.head.id), nonce);
  cipher.setAAD(associatedData(chunk.head, chunk.body.length));
  const { length } = chunk.body;
  const ciphertext = cipher.update(chunk.body);
  cipher.final();
  passBulk(length);
  copyInto(target, offset, nonce);
  copyInto(target, offset + NONCE_BYTES, ciphertext);
  copyInto(target, offset + NONCE_BYTES + length, cipher.getAuthTag());
  return length + SEAL_BYTES;
}

/**
 * @returns the chunk's body, still compressed if its codec says so.
 * @throws ArchiveError CHUNK_DAMAGED when a bit of it, or of what is said about it, is not as it was sealed.
 */
export function openChunk(key: HouseholdKey, head: ChunkHead, sealed: Uint8Array): Uint8Array {
  const bodyLength = sealed.length - SEAL_BYTES;
  if (bodyLength < 0) throw damaged(undefined);
  const nonce = sealed.subarray(0, NONCE_BYTES);
  const decipher = createDecipheriv('aes-256-gcm', deriveChunkKey(key, head.id), nonce);
  decipher.setAAD(associatedData(head, bodyLength));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const body = decipher.update(sealed.subarray(NONCE_BYTES, NONCE_BYTES + bodyLength));
    decipher.final();
    passBulk(bodyLength);
    return body;
  } catch (cause) {
    throw damaged(cause);
  }
}

function associatedData(head: ChunkHead, bodyLength: number): Buffer {
  const data = Buffer.allocUnsafe(42);
  data.set(head.id, 0);
  data.writeUInt8(head.kind, 32);
  data.writeUInt8(head.codec, 33);
  data.writeUInt32LE(head.plainLength, 34);
  data.writeUInt32LE(bodyLength, 38);
  return data;
}

function damaged(cause: unknown): ArchiveError {
  return new ArchiveError(
    'CHUNK_DAMAGED',
    'A stored chunk cannot be decrypted: its bytes were changed.',
    {
      cause,
      hint: 'Run `rootcellar admin scrub` to find what is damaged; everything else can still be restored.',
    },
  );
}
