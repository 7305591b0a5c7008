import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addBytes, byteSize, formatBytes } from './byte-size.js';

const INVALID = expect.objectContaining({ code: 'INPUT_INVALID' });

describe('byteSize', () => {
  it('takes every safe integer that is not negative, as number or bigint', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (size) => {
        expect(byteSize(size)).toBe(size);
        expect(byteSize(BigInt(size))).toBe(size);
      }),
    );
  });

  it.each([-1, 0.5, Number.NaN, Infinity, 2 ** 53, 2n ** 53n, 2n ** 64n, -1n])(
    'refuses %p',
    (size) => {
      expect(() => byteSize(size)).toThrow(INVALID);
    },
  );
});

describe('addBytes', () => {
  it('adds up', () => {
    expect(addBytes()).toBe(0);
    expect(addBytes(byteSize(1), byteSize(2), byteSize(3))).toBe(6);
  });

  it('refuses a sum that is no longer exact', () => {
    expect(() => addBytes(byteSize(Number.MAX_SAFE_INTEGER), byteSize(1))).toThrow(INVALID);
  });
});

describe('formatBytes', () => {
  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [1536, '1.5 KiB'],
    [1024 * 1024 - 1, '1.0 MiB'],
    [1024 * 1024, '1.0 MiB'],
    [1.4 * 1024 ** 3, '1.4 GiB'],
    [1024 ** 4, '1.0 TiB'],
    [2 ** 53, '8.0 PiB'],
    [1024 ** 6, '1024.0 PiB'],
  ])('writes %d as %s', (size, text) => {
    expect(formatBytes(size)).toBe(text);
  });

  it('never writes more than four digits before the point', () => {
    fc.assert(
      fc.property(fc.maxSafeNat(), (size) => {
        expect(formatBytes(size)).toMatch(/^(\d{1,4} B|(?!1024)\d{1,4}\.\d [KMGTP]iB)$/u);
      }),
    );
  });
});
