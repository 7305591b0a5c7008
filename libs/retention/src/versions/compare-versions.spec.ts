import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareDigits, compareDotted, majorOf } from './compare-versions.js';

describe('compareDotted', () => {
  it.each([
    ['1.9', '1.10'],
    ['1', '1.0.1'],
    ['9', '10'],
    ['2.0', '2.0b1'],
    ['2.0a', '2.0b'],
    ['1.1', '1.1a'],
    ['1.1a', '1.2'],
    ['1.1a', '1.10'],
    ['2.0b9', '2.0b10'],
    ['1.0.999999999', '1.0.1718000000'],
    ['1.99999999999999999998', '1.99999999999999999999'],
    [undefined, '0'],
  ])('puts %s before %s', (a, b) => {
    expect(compareDotted(a, b)).toBeLessThan(0);
    expect(compareDotted(b, a)).toBeGreaterThan(0);
  });

  it.each([
    ['1', '1.0.0'],
    ['01.2', '1.2'],
    [undefined, undefined],
  ])('takes %s and %s for the same', (a, b) => {
    expect(compareDotted(a, b)).toBe(0);
  });

  it('is an order', () => {
    const text = fc.string({ unit: fc.constantFrom('0', '1', '9', '.', 'a', 'b'), maxLength: 6 });
    fc.assert(
      fc.property(text, text, text, (a, b, c) => {
        expect(Math.sign(compareDotted(a, b))).toBe(0 - Math.sign(compareDotted(b, a)));
        const isChain = compareDotted(a, b) <= 0 && compareDotted(b, c) <= 0;
        expect(!isChain || compareDotted(a, c) <= 0).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });
});

describe('compareDigits', () => {
  it('orders as numbers do', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n }), fc.bigInt({ min: 0n }), (a, b) => {
        expect(Math.sign(compareDigits(`00${a}`, String(b)))).toBe(a < b ? -1 : a > b ? 1 : 0);
      }),
    );
  });
});

describe('majorOf', () => {
  it.each([
    ['4.1', '4'],
    ['04', '4'],
    ['0', '0'],
    ['2b.1', '2b'],
    [undefined, ''],
  ])('of %s is %p', (version, major) => {
    expect(majorOf(version)).toBe(major);
  });
});
