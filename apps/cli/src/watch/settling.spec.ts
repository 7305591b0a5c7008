import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Settling } from './settling.js';

const QUIET = 5_000;

describe('what is still written', () => {
  it('has come to rest when it looked the same for the whole time, and is not before', () => {
    const settling = new Settling();

    expect(settling.see('a', '10', 0, QUIET)).toBe(QUIET);
    expect(settling.see('a', '10', 2_000, QUIET)).toBe(3_000);
    expect(settling.see('a', '11', 4_000, QUIET)).toBe(QUIET);
    expect(settling.see('a', '11', 8_999, QUIET)).toBe(1);
    expect(settling.see('a', '11', 9_000, QUIET)).toBe(0);
  });

  it('begins anew after it was away', () => {
    const settling = new Settling();
    settling.see('a', '10', 0, QUIET);

    settling.forget('a');

    expect(settling.see('a', '10', QUIET, QUIET)).toBe(QUIET);
    expect(settling.keys()).toEqual(['a']);
  });

  it('is left alone while it is postponed, and looked at at once when it changes and rests again', () => {
    const settling = new Settling();
    settling.see('a', '10', 0, QUIET);

    settling.postpone('a', QUIET, 60_000);

    expect(settling.see('a', '10', 6_000, QUIET)).toBe(59_000);
    expect(settling.see('a', '12', 7_000, QUIET)).toBe(QUIET);
    expect(settling.see('a', '12', 12_000, QUIET)).toBe(0);
  });

  it('is never taken before it rested, and always once it did, whatever the looks', () => {
    const looks = fc.array(
      fc.record({
        after: fc.integer({ min: 0, max: 4_000 }),
        size: fc.integer({ max: 3, min: 1 }),
      }),
    );
    fc.assert(
      fc.property(looks, fc.integer({ min: 1, max: 10_000 }), (seen, quiet) => {
        const settling = new Settling();
        let [now, size, since] = [0, 0, 0];
        for (const look of seen) {
          now += look.after;
          if (look.size !== size) [size, since] = [look.size, now];

          const wait = settling.see('a', String(size), now, quiet);

          expect(wait).toBe(Math.max(0, since + quiet - now));
          expect(settling.restedMs('a', String(size), now)).toBe(now - since);
        }
      }),
    );
  });

  it('does not hang on what others do', () => {
    const settling = new Settling();
    settling.see('a', '10', 0, QUIET);
    settling.see('b', '1', 0, QUIET);

    settling.see('b', '2', 4_000, QUIET);

    expect([settling.see('a', '10', QUIET, QUIET), settling.see('b', '2', QUIET, QUIET)]).toEqual([
      0, 4_000,
    ]);
  });
});
