import type { ChunkSizes } from '../cutting/chunk-sizes.js';

/**
 * FastCDC word for word after algorithm 2 of the 2016 paper, with a 64-bit hash in `bigint`: slow, and plainly right.
 * A chunk ends behind the byte that clears the mask.
 */
export function cutByReference(bytes: Uint8Array, gear: Uint8Array, sizes: ChunkSizes): number[] {
  const table = new BigUint64Array(256);
  const words = new DataView(gear.buffer, gear.byteOffset, gear.byteLength);
  for (let at = 0; at < 256; at += 1) table[at] = words.getBigUint64(at * 8, true);

  const lengths: number[] = [];
  for (let start = 0; start < bytes.length;) {
    const length = nextCut(bytes.subarray(start, start + sizes.most), table, sizes);
    lengths.push(length);
    start += length;
  }
  return lengths;
}

function nextCut(bytes: Uint8Array, table: BigUint64Array, { least, target }: ChunkSizes): number {
  const bits = Math.floor(Math.log2(target));
  const strict = highBits(bits + 2);
  const loose = highBits(bits - 2);
  let hash = 0n;
  for (let at = least; at < bytes.length; at += 1) {
    hash = BigInt.asUintN(64, (hash << 1n) + (table[bytes[at] ?? 0] ?? 0n));
    if ((hash & (at < target ? strict : loose)) === 0n) return at + 1;
  }
  return bytes.length;
}

function highBits(count: number): bigint {
  return ((1n << BigInt(count)) - 1n) << BigInt(64 - count);
}
