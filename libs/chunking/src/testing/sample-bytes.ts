import { createCipheriv } from 'node:crypto';

/** Bytes that look random and are the same for the same seed. */
export function noise(length: number, seed = 1): Buffer {
  const cipher = createCipheriv('aes-128-ctr', Buffer.alloc(16, seed), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(length));
}

/** Bytes in which three of four bits are always the same: they compress, but not to nothing. */
export function prose(length: number, seed = 1): Buffer {
  return noise(length, seed).map((byte) => 0x61 + (byte & 3)) as Buffer;
}

/** The bytes in the given lengths; the rest, if any, comes last. */
export function split(bytes: Uint8Array, lengths: readonly number[]): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  let at = 0;
  for (const length of lengths) pieces.push(bytes.subarray(at, (at += length)));
  if (at < bytes.length) pieces.push(bytes.subarray(at));
  return pieces;
}

/** A stream of these pieces. */
export async function* streamOf(pieces: Iterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (const piece of pieces) yield await Promise.resolve(piece);
}

/** Everything an iteration gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}
