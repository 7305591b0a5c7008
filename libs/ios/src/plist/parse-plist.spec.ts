import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { PlistSource } from '../testing/plist-source.js';
import { writeBinaryPlist } from '../testing/write-binary-plist.js';
import { writeXmlPlist } from '../testing/write-xml-plist.js';
import { parsePlist } from './parse-plist.js';
import { PlistUid } from './plist-value.js';

/** Dates of whole seconds, as XML has no smaller. */
const seconds = fc.integer({ min: -2_000_000_000, max: 4_000_000_000 });
const dates = seconds.map((second) => new Date(second * 1000));
const shared: fc.Arbitrary<PlistSource>[] = [
  fc.boolean(),
  fc.integer(),
  fc.bigInt({ min: -(2n ** 127n), max: 2n ** 127n - 1n }),
  fc.double({ noNaN: true }),
  dates,
  fc.uint8Array().map((bytes) => Buffer.from(bytes)),
];
const anyText = fc.string({ unit: 'binary' });
/** XML has no control characters but white space, and no U+FFFE and U+FFFF. */
const xmlText = fc.string({ unit: 'grapheme' });

function trees(
  leaf: fc.Arbitrary<PlistSource>,
  key: fc.Arbitrary<string>,
): fc.Arbitrary<PlistSource> {
  const { tree } = fc.letrec<{ tree: PlistSource }>((tie) => ({
    tree: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      leaf,
      fc.array(tie('tree'), { maxLength: 5 }),
      fc
        .array(fc.tuple(key, tie('tree')), { maxLength: 5 })
        .map((entries) => new Map<string, PlistSource>(entries)),
    ),
  }));
  return tree;
}

/** What reading gives for what was written: exact whole numbers as numbers, -0 as 0 where it is written as an integer. */
function read(value: PlistSource): unknown {
  if (typeof value === 'bigint') return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (Object.is(value, -0)) return 0;
  if (Array.isArray(value)) return (value as readonly PlistSource[]).map(read);
  if (value instanceof Map) return new Map([...value].map(([key, entry]) => [key, read(entry)]));
  return value;
}

describe('parsing a property list', () => {
  it('reads what was written in binary', () => {
    const uids = fc.nat().map((uid) => new PlistUid(uid));
    const leaf = fc.oneof(...shared, anyText, uids, fc.constant(null));

    fc.assert(
      fc.property(trees(leaf, anyText), (value) => {
        expect(parsePlist(writeBinaryPlist(value))).toEqual(read(value));
      }),
    );
  });

  it('reads what was written in XML', () => {
    fc.assert(
      fc.property(trees(fc.oneof(...shared, xmlText), xmlText), (value) => {
        expect(parsePlist(writeXmlPlist(value))).toEqual(read(value));
      }),
    );
  });

  it('refuses what is neither', () => {
    const refused = expect.objectContaining({ code: 'PLIST_INVALID' });

    expect(() => parsePlist(Buffer.alloc(0))).toThrow(refused);
    expect(() => parsePlist(Buffer.from('SQLite format 3\0'))).toThrow(refused);
  });
});
