import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { readableText } from './readable-text.js';

describe('readableText', () => {
  it('leaves what can be shown as it is', () => {
    expect(readableText('Renés iPhone 👨‍👩‍👧 (2)', 100, '-')).toBe('Renés iPhone 👨‍👩‍👧 (2)');
  });

  it.each([
    ['a line\r\nand another', 'a line and another'],
    ['\u001b[31mred\u001b[0m', '[31mred [0m'],
    ['right\u202eto left', 'right to left'],
    ['\ufeffa\u200bb\u2028c', 'a b c'],
    ['  a \t b  ', 'a b'],
    ['half a \ud800 pair', 'half a \ufffd pair'],
  ])('makes %j fit for one line', (text, shown) => {
    expect(readableText(text, 100, '-')).toBe(shown);
  });

  it.each(['', ' ', '\n\u0000', '\u200b'])('says the fallback instead of %j', (text) => {
    expect(readableText(text, 100, 'unnamed')).toBe('unnamed');
  });

  it('counts code points, so that no character is cut in two', () => {
    expect(readableText('🥔🥔🥔', 2, '-')).toBe('🥔🥔');
  });

  it('gives one line of bounded length for any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.integer({ min: 1, max: 20 }), (text, most) => {
        const shown = readableText(text, most, '-');

        expect(Array.from(shown).length).toBeLessThanOrEqual(most);
        expect(shown).toMatch(/^\S(.*\S)?$/u);
        expect(shown.replaceAll('\u200d', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}]/u);
        expect(readableText(shown, most, '-')).toBe(shown);
      }),
    );
  });
});
