import { createCipheriv } from 'node:crypto';

/** Bytes that do not compress and are the same for the same seed. */
export function noise(length: number, seed = 1): Buffer {
  const key = Buffer.alloc(16);
  key.writeUInt32LE(seed);
  return createCipheriv('aes-128-ctr', key, Buffer.alloc(16)).update(Buffer.alloc(length));
}

/** Bytes in which three of four bits are always the same: they compress, but not to nothing. */
export function prose(length: number, seed = 1): Buffer {
  return noise(length, seed).map((byte) => 0x61 + (byte & 3)) as Buffer;
}

/** Everything an iteration gives. */
export async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

/** The pieces of a stream that lends each only until the next is asked for. */
export async function collectPieces(stream: AsyncIterable<Uint8Array>): Promise<Buffer[]> {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece));
  return pieces;
}
