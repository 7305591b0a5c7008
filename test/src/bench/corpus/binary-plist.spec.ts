import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PlistUid } from './plist.js';
import type { PlistValue } from './plist.js';
import { readBinaryPlist } from './read-binary-plist.js';
import { writeBinaryPlist } from './write-binary-plist.js';

const plist = fc.letrec<{ node: PlistValue }>((tie) => ({
  node: fc.oneof(
    { maxDepth: 4 },
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.maxSafeInteger(),
    fc.boolean(),
    fc.uint8Array().map((bytes) => Buffer.from(bytes)),
    fc.nat(100_000).map((index) => new PlistUid(index)),
    fc.nat(4_000_000_000).map((seconds) => new Date(seconds * 1000)),
    fc.array(tie('node')),
    fc.dictionary(fc.string(), tie('node'), { noNullPrototype: true }),
  ),
})).node;

describe('writeBinaryPlist', () => {
  it('writes what readBinaryPlist reads', () => {
    fc.assert(
      fc.property(plist, (value) => {
        const read = readBinaryPlist(writeBinaryPlist(value));

        expect(read).toEqual(value);
      }),
    );
  });

  it('holds more than 255 objects', () => {
    const numbers = Array.from({ length: 70_000 }, (_, number) => number);

    const read = readBinaryPlist(writeBinaryPlist(numbers));

    expect(read).toEqual(numbers);
  });
});
