import { createCipheriv, hash } from 'node:crypto';

const MIB = 1024 * 1024;

/** Bytes nothing can compress; the same for the same seed. */
export function noise(seed: string, bytes: number): Buffer {
  const cipher = createCipheriv('aes-256-ctr', hash('sha256', seed, 'buffer'), Buffer.alloc(16));
  return cipher.update(Buffer.alloc(bytes));
}

/** Lines that differ and compress well, as a log of an app does. */
export function prose(seed: string, bytes: number): Buffer {
  const lines: string[] = [];
  for (let length = 0, line = 0; length < bytes; line += 1) {
    lines.push(`${seed} ${line}: the quick brown fox jumps over the lazy dog\n`);
    length += lines.at(-1)?.length ?? 0;
  }
  return Buffer.from(lines.join('')).subarray(0, bytes);
}

export function mebibytes(count: number): number {
  return count * MIB;
}
