import { createCipheriv, createHash } from 'node:crypto';
import type { Cipheriv } from 'node:crypto';

/** A stream of chance that depends on nothing but its name: same name, same values, on every machine. */
export interface Dice {
  /** Incompressible bytes, several GB/s. */
  bytes(length: number): Buffer;
  /** A whole number, both ends included. */
  int(low: number, high: number): number;
  /** 0 <= x < 1 */
  fraction(): number;
  chance(probability: number): boolean;
  pick<T>(items: readonly [T, ...T[]]): T;
  /** `count` different items, in the order drawn. */
  sample<T>(items: readonly T[], count: number): T[];
  normal(mean: number, deviation: number): number;
  logNormal(mu: number, sigma: number): number;
  exponential(mean: number): number;
}

const POOL_BYTES = 16 * 1024;
const ZEROS = Buffer.alloc(POOL_BYTES);
const UINT32 = 2 ** 32;

/** AES-128 in counter mode as a key stream: the quickest noise Node has, and the same everywhere. */
export function createDice(...name: readonly (string | number)[]): Dice {
  const key = createHash('sha256').update(name.join('/')).digest();
  // Numbers and bulk bytes come from streams of their own, so that neither shifts the other.
  const numbers = createCipheriv('aes-128-ctr', key.subarray(0, 16), Buffer.alloc(16));
  let bulk: Cipheriv | undefined;
  let pool = numbers.update(ZEROS);
  let position = 0;

  function uint32(): number {
    if (position === POOL_BYTES) {
      pool = numbers.update(ZEROS);
      position = 0;
    }
    const value = pool.readUInt32LE(position);
    position += 4;
    return value;
  }

  const fraction = (): number => uint32() / UINT32;
  const int = (low: number, high: number): number =>
    low + Math.floor(fraction() * (high - low + 1));

  function bytes(length: number): Buffer {
    if (length <= 128) {
      if (position + length > POOL_BYTES) {
        pool = numbers.update(ZEROS);
        position = 0;
      }
      const start = position;
      // Numbers are read at multiples of four.
      position += Math.ceil(length / 4) * 4;
      return pool.subarray(start, start + length);
    }
    bulk ??= createCipheriv('aes-128-ctr', key.subarray(16, 32), Buffer.alloc(16));
    return bulk.update(length <= POOL_BYTES ? ZEROS.subarray(0, length) : Buffer.alloc(length));
  }

  const normal = (mean: number, deviation: number): number =>
    mean +
    deviation * Math.sqrt(-2 * Math.log(1 - fraction())) * Math.cos(2 * Math.PI * fraction());

  return {
    bytes,
    int,
    fraction,
    chance: (probability) => fraction() < probability,
    pick: (items) => items[int(0, items.length - 1)] ?? items[0],
    sample: (items, count) => sample(items, count, int),
    normal,
    logNormal: (mu, sigma) => Math.exp(normal(mu, sigma)),
    exponential: (mean) => -mean * Math.log(1 - fraction()),
  };
}

/** Fisher-Yates, stopped after `count` draws. */
function sample<T>(
  items: readonly T[],
  count: number,
  int: (low: number, high: number) => number,
): T[] {
  const rest = [...items];
  const drawn: T[] = [];
  while (drawn.length < count && rest.length > 0) {
    const at = int(0, rest.length - 1);
    const [item] = rest.splice(at, 1, ...rest.slice(-1));
    rest.length -= 1;
    if (item !== undefined) drawn.push(item);
  }
  return drawn;
}
