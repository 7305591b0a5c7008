import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decodeCbor, encodeCbor } from './cbor.js';

const DAMAGED = expect.objectContaining({ code: 'TREE_DAMAGED' });

const anyText = fc.string({ unit: 'binary' });
const anyValue = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, false),
    fc.maxSafeInteger(),
    fc.bigInt({ min: 2n ** 53n, max: 2n ** 64n - 1n }),
    fc.bigInt({ min: -(2n ** 63n), max: -(2n ** 53n) }),
    anyText,
    fc.uint8Array(),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(anyText, tie('value'), { maxKeys: 4 }),
  ),
})).value;

describe('CBOR', () => {
  it('gives back what was written, texts to the last bit', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        expect(plain(decodeCbor(encodeCbor(value)))).toEqual(plain(value));
      }),
    );
  });

  it.each([
    '\ufeff',
    '\ufeffa',
    'a\ufeff',
    '\ufffd',
    '\u0000',
    `\ufeff${'long'.repeat(20)}`,
    'e\u0301',
  ])('leaves the text %j as it is', (text) => {
    expect(decodeCbor(encodeCbor([text]))).toEqual([text]);
    expect(decodeCbor(encodeCbor({ [text]: 1 }))).toEqual({ [text]: 1 });
  });

  it('writes the same bytes for the same value, however it came about', () => {
    fc.assert(
      fc.property(fc.dictionary(anyText, fc.nat()), (map) => {
        const turned = Object.fromEntries(Object.entries(map).toReversed());

        expect(Buffer.compare(encodeCbor(map), encodeCbor(turned))).toBe(0);
      }),
    );
    expect(Buffer.compare(encodeCbor([5n, -1n]), encodeCbor([5, -1]))).toBe(0);
  });

  it.each([
    ['nothing', ''],
    ['two values', '0000'],
    ['a number written longer than need be', '1801'],
    ['a length written longer than need be', '7801' + '61'],
    ['a list of indefinite length', '9f00ff'],
    ['a text of indefinite length', '7f6161ff'],
    ['a key that comes twice', 'a2616100616101'],
    ['undefined', 'f7'],
    ['a tag', 'c000'],
    ['a text that is no UTF-8', '62c328'],
    ['half a surrogate pair', '63eda080'],
    ['a list that breaks off', '8200'],
    ['a huge length', '9b7fffffffffffffff'],
    ['more levels than a stack holds', `${'81'.repeat(100_000)}00`],
  ])('refuses %s', (_, hex) => {
    expect(() => decodeCbor(Buffer.from(hex, 'hex'))).toThrow(DAMAGED);
  });
});

/** Byte strings as lists, so that neither their class nor their prototype matters. */
function plain(value: unknown): unknown {
  if (value instanceof Uint8Array) return { bytes: [...value] };
  if (Array.isArray(value)) return value.map(plain);
  if (typeof value !== 'object' || value === null) return value;
  return Object.entries(value)
    .map(([key, of]): [string, unknown] => [key, plain(of)])
    .toSorted(([a], [b]) => (a < b ? -1 : 1));
}
