import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { mutate, mutations } from '../testing/mutate.js';
import { onlyArchiveErrors } from '../testing/only-archive-errors.js';
import {
  assembleBinaryPlist,
  binaryScalar,
  writeBinaryPlist,
} from '../testing/write-binary-plist.js';
import type { BinaryPlistPart } from '../testing/write-binary-plist.js';
import { parsePlist } from './parse-plist.js';
import { PlistUid } from './plist-value.js';

const invalid = expect.objectContaining({ code: 'PLIST_INVALID' });
const tooLarge = expect.objectContaining({ code: 'PLIST_TOO_LARGE' });

/** `levels` arrays, each holding the next one `width` times. */
function lattice(levels: number, width: number): Buffer {
  const parts = Array.from({ length: levels }, (_, level): BinaryPlistPart => ({
    container: 'array',
    refs: Array.from({ length: width }, () => level + 1),
  }));
  return assembleBinaryPlist({ parts: [...parts, binaryScalar('end')] });
}

describe('parsing a binary property list', () => {
  it('reads every type', () => {
    const bytes = writeBinaryPlist([
      null,
      true,
      false,
      7,
      -1,
      1.5,
      new Date('2024-06-01T12:00:00Z'),
      Buffer.from('data'),
      'ASCII',
      'naïve 📱',
      new PlistUid(258),
      { key: [] },
    ]);

    const value = parsePlist(bytes);

    expect(value).toEqual([
      null,
      true,
      false,
      7,
      -1,
      1.5,
      new Date('2024-06-01T12:00:00Z'),
      Buffer.from('data'),
      'ASCII',
      'naïve 📱',
      new PlistUid(258),
      new Map([['key', []]]),
    ]);
  });

  it('reads whole numbers beyond what a number holds as bigint, up to 128 bits', () => {
    const numbers = [2n ** 53n, -(2n ** 63n), 2n ** 64n - 1n, 2n ** 127n - 1n, -(2n ** 127n)];

    const value = parsePlist(writeBinaryPlist(numbers));

    expect(value).toEqual(numbers);
  });

  it('reads single-precision reals, sets and references of any width', () => {
    const real = Buffer.from([0x22, 0x3f, 0xc0, 0, 0]);
    const set: BinaryPlistPart = { container: 'set', refs: [1] };

    const values = [1, 3, 8].map((refBytes) =>
      parsePlist(assembleBinaryPlist({ parts: [set, real], refBytes })),
    );

    expect(values).toEqual([[1.5], [1.5], [1.5]]);
  });

  it('gives data as a view, not a copy', () => {
    const bytes = writeBinaryPlist(Buffer.alloc(1000, 1));

    const data = parsePlist(bytes);

    expect((data as Uint8Array).buffer).toBe(bytes.buffer);
  });

  it('keeps __proto__ a key like any other', () => {
    const bytes = writeBinaryPlist(new Map([['__proto__', 'x']]));

    const value = parsePlist(bytes);

    expect(value).toEqual(new Map([['__proto__', 'x']]));
  });

  it('reads a date JavaScript cannot represent as null', () => {
    const date = Buffer.alloc(9, 0xff);
    date[0] = 0x33;

    const value = parsePlist(assembleBinaryPlist({ parts: [date] }));

    expect(value).toBeNull();
  });
});

describe('a binary property list that lies', () => {
  it('is refused when it nests deeper than 64 containers', () => {
    expect(parsePlist(lattice(64, 1))).toBeInstanceOf(Array);
    expect(() => parsePlist(lattice(65, 1))).toThrow(tooLarge);
    expect(() => parsePlist(lattice(30_000, 1))).toThrow(tooLarge);
  });

  it('is refused when shared objects unfold to billions of values', () => {
    expect(() => parsePlist(lattice(40, 10))).toThrow(tooLarge);
  });

  it('is refused when one container refers to more values than allowed', () => {
    const bytes = assembleBinaryPlist({
      parts: [{ container: 'array', refs: new Array<number>(2000).fill(1) }, binaryScalar(1)],
    });

    expect(() => parsePlist(bytes, { maxValues: 1000 })).toThrow(tooLarge);
  });

  it('is refused when a container holds itself', () => {
    const direct = assembleBinaryPlist({ parts: [{ container: 'array', refs: [0] }] });
    const roundabout = assembleBinaryPlist({
      parts: [
        { container: 'array', refs: [1] },
        { container: 'dict', refs: [2, 0] },
        binaryScalar('key'),
      ],
    });

    expect(() => parsePlist(direct)).toThrow(invalid);
    expect(() => parsePlist(roundabout)).toThrow(invalid);
  });

  it('is refused when an object claims more bytes than there are, before any are allocated', () => {
    const claim = Buffer.from([0x4f, 0x13, 0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff]);
    const array = Buffer.from([0xaf, 0x12, 0x7f, 0xff, 0xff, 0xff]);

    expect(() => parsePlist(assembleBinaryPlist({ parts: [claim] }))).toThrow(invalid);
    expect(() => parsePlist(assembleBinaryPlist({ parts: [array] }))).toThrow(invalid);
  });

  it.each([
    ['an integer of 32 bytes', Buffer.concat([Buffer.of(0x15), Buffer.alloc(32)])],
    ['an integer of 32768 bytes', Buffer.concat([Buffer.of(0x1f), Buffer.alloc(32_768)])],
    ['a real of 16 bytes', Buffer.concat([Buffer.of(0x24), Buffer.alloc(16)])],
    ['a date of 4 bytes', Buffer.concat([Buffer.of(0x32), Buffer.alloc(4)])],
    ['a UID of 8 bytes', Buffer.concat([Buffer.of(0x87), Buffer.alloc(8)])],
    ['a size that is no number', Buffer.from([0x4f, 0x51, 0x41])],
    ['a kind nobody knows', Buffer.of(0x70)],
    ['a single value nobody knows', Buffer.of(0x05)],
  ])('is refused when it holds %s', (_, part) => {
    expect(() => parsePlist(assembleBinaryPlist({ parts: [part] }))).toThrow(invalid);
  });

  it('is refused when a key is no string or a reference leads nowhere', () => {
    const key = assembleBinaryPlist({
      parts: [{ container: 'dict', refs: [1, 1] }, binaryScalar(1)],
    });
    const nowhere = assembleBinaryPlist({ parts: [{ container: 'array', refs: [9] }] });

    expect(() => parsePlist(key)).toThrow(invalid);
    expect(() => parsePlist(nowhere)).toThrow(invalid);
  });

  it('is refused when it is larger than allowed', () => {
    expect(() => parsePlist(writeBinaryPlist('text'), { maxBytes: 40 })).toThrow(tooLarge);
  });

  it('is refused wherever it is cut off', () => {
    const bytes = writeBinaryPlist({ name: 'value', list: [1, 2, 3], at: new Date(0) });

    for (let length = 0; length < bytes.length; length += 1)
      expect(() => parsePlist(bytes.subarray(0, length))).toThrow(invalid);
  });

  it('never fails in any other way, whatever bytes are changed', () => {
    const bytes = writeBinaryPlist({
      name: 'naïve',
      list: [1, 2n ** 70n, 1.5, true, null],
      data: Buffer.alloc(40),
      uid: new PlistUid(3),
      dict: { at: new Date(0) },
    });

    fc.assert(
      fc.property(mutations, (changes) =>
        onlyArchiveErrors(() => parsePlist(mutate(bytes, changes))),
      ),
      { numRuns: 3000 },
    );
  });

  it('never fails in any other way on bytes that only begin and end like one', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
        const bytes = Buffer.concat([Buffer.from('bplist00'), body]);
        return onlyArchiveErrors(() => parsePlist(bytes));
      }),
    );
  });
});
