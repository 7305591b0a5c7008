import { describe, expect, it } from '@jest/globals';
import { Misses } from './misses.js';

describe('wrong guesses', () => {
  it('are stopped after ten, for who guesses and nobody else, and forgotten after ten minutes', () => {
    let now = 0;
    const misses = new Misses<string>({ now: () => new Date(now), monotonicMs: () => now });
    for (let left = 10; left > 0; left -= 1) {
      expect(() => misses.check('eve')).not.toThrow();
      misses.note('eve');
    }

    expect(() => misses.check('eve')).toThrow(expect.objectContaining({ code: 'FORBIDDEN' }));
    expect(() => misses.check('ada')).not.toThrow();
    now = 10 * 60_000 + 1;
    expect(() => misses.check('eve')).not.toThrow();
  });
});
