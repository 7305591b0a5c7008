import { describe, expect, it } from '@jest/globals';
import { SlabCache } from './slab-cache.js';

describe('SlabCache', () => {
  it('lends again what was given back, once', () => {
    const cache = new SlabCache(16, 2);
    const first = cache.take();

    first.giveBack();
    first.giveBack();

    expect(cache.take().memory).toBe(first.memory);
    expect(cache.take().memory).not.toBe(first.memory);
  });

  it('makes nobody wait, and keeps no more than it may', () => {
    const cache = new SlabCache(16, 1);
    const [one, two] = [cache.take(), cache.take()];

    one.giveBack();
    two.giveBack();

    expect(cache.take().memory).toBe(one.memory);
    expect(cache.take().memory).not.toBe(two.memory);
  });
});
