import { createCipheriv } from 'node:crypto';

/** 256 × u64, little-endian. */
export const GEAR_TABLE_BYTES = 2048;
const SEED_BYTES = 32;

/**
 * The gear table of a seed (docs/format.md, "Where files are cut"): the first 2,048 bytes of the key stream of AES-256-CTR
 * under the seed. Keyed, because the lengths of chunks otherwise tell known files apart.
 */
export function gearTable(seed: Uint8Array): Uint8Array {
  if (seed.length !== SEED_BYTES) throw new RangeError('the seed of a gear table has 32 bytes');
  const cipher = createCipheriv('aes-256-ctr', seed, new Uint8Array(16));
  return cipher.update(new Uint8Array(GEAR_TABLE_BYTES));
}
