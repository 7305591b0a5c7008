import { describe, expect, it } from '@jest/globals';
import { writeBinaryPlist } from '../../testing/write-binary-plist.js';
import { subscriptionWordsIn } from './subscription-words.js';

const wordsIn = (text: string | Buffer): string[] =>
  subscriptionWordsIn(Buffer.from(text), 'x').map(({ evidence }) => evidence);

describe('sentences about subscriptions', () => {
  it.each([
    '"a" = "Your subscription renews";',
    '"a" = "Restore Purchases";',
    '"a" = "Käufe wiederherstellen";',
    '"a" = "Suscripción anual";',
    '"a" = "サブスクリプション";',
    '"a" = "恢复购买";',
  ])('are found in lines: %s', (line) => {
    expect(wordsIn(line)).toHaveLength(1);
  });

  it('are found in property lists and in UTF-16', () => {
    expect(wordsIn(writeBinaryPlist({ a: 'Free trial', b: 'Hello', c: 3 }))).toEqual([
      'Free trial',
    ]);
    const utf16 = Buffer.from('\ufeff"a" = "Free trial";', 'utf16le');
    expect(wordsIn(utf16)).toEqual(['Free trial']);
    expect(wordsIn(Buffer.from(utf16).swap16())).toEqual(['Free trial']);
  });

  it.each(['"a" = "Hello";', '"subscription" = "Hello";', '"a" = "description";', '\ud800', ''])(
    'are not found where there are none: %j',
    (text) => {
      expect(wordsIn(text)).toEqual([]);
    },
  );

  it('are five at most of one file, and cut when they are long', () => {
    const lines = Array.from({ length: 9 }, (_, n) => `"${n}" = "free trial ${'x'.repeat(500)}";`);

    const found = wordsIn(lines.join('\n'));

    expect(found).toHaveLength(5);
    for (const sentence of found) expect(sentence.length).toBeLessThanOrEqual(160);
  });
});
