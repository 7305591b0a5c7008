import { describe, expect, it } from '@jest/globals';
import { packsOf } from './packs.js';

const MIB = 2 ** 20;

describe('packsOf', () => {
  it('closes a pack when it has 32 MiB, and the last one as it is', () => {
    const weights = Uint32Array.of(31 * MIB, 2 * MIB, 40 * MIB, 1, 2);

    expect(packsOf(weights)).toEqual([
      { first: 0, end: 2, bytes: 33 * MIB },
      { first: 2, end: 3, bytes: 40 * MIB },
      { first: 3, end: 5, bytes: 3 },
    ]);
  });

  it('of no chunks are none', () => {
    expect(packsOf(new Uint32Array(0))).toEqual([]);
  });
});
