import { createHash } from 'node:crypto';
import { setImmediate as nextTurn } from 'node:timers/promises';

/** The bytes of a request. */
export interface S3Body {
  readonly parts: readonly Uint8Array[];
  readonly bytes: number;
  /** Hex. */
  readonly sha256: string;
}

/** Sent, and hashed between two turns of the event loop: 1 ms or two of SHA-256. */
const PIECE_BYTES = 1024 * 1024;

export const EMPTY_BODY: S3Body = bodyOfText('');

export function bodyOfText(text: string): S3Body {
  const bytes = Buffer.from(text);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { parts: [bytes], bytes: bytes.length, sha256 };
}

/** Hashes the parts without holding up others that wait for this thread. */
export async function bodyOfParts(
  parts: readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<S3Body> {
  return { parts, bytes: bytesOf(parts), sha256: await digestOf('sha256', parts, signal) };
}

/** The digest in hex. */
export async function digestOf(
  algorithm: 'sha256' | 'md5',
  parts: readonly Uint8Array[],
  signal?: AbortSignal,
): Promise<string> {
  const hash = createHash(algorithm);
  let hashed = 0;
  for (const piece of piecesOf(parts)) {
    hash.update(piece);
    hashed += piece.length;
    if (hashed < PIECE_BYTES) continue;
    hashed = 0;
    await nextTurn();
    signal?.throwIfAborted();
  }
  return hash.digest('hex');
}

export function bytesOf(parts: readonly Uint8Array[]): number {
  return parts.reduce((bytes, { length }) => bytes + length, 0);
}

/** The same bytes in pieces that are not too large, without copying. */
export function* piecesOf(parts: readonly Uint8Array[]): Generator<Buffer> {
  for (const part of parts) {
    for (let from = 0; from < part.length; from += PIECE_BYTES) {
      const length = Math.min(PIECE_BYTES, part.length - from);
      yield Buffer.from(part.buffer, part.byteOffset + from, length);
    }
  }
}

/** The bytes from `offset` on, `length` of them at most, without copying. */
export function* slicesOf(
  parts: readonly Uint8Array[],
  offset: number,
  length: number,
): Generator<Uint8Array> {
  let at = 0;
  for (const part of parts) {
    const from = Math.max(0, offset - at);
    const to = Math.min(part.length, offset + length - at);
    if (from < to) yield part.subarray(from, to);
    at += part.length;
  }
}
