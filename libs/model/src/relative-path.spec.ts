import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { posix } from 'node:path';
import { PATH_MAX_BYTES, comparePaths, isSafeRelativePath } from './relative-path.js';

/** Parts of one to four UTF-8 bytes a character, and those that sort around the slash. */
const anyPart = fc.oneof(
  fc.constantFrom('a', 'a b', 'a-', 'a.', 'a0', 'ab', '-', '\u{1f954}', '\ufffd', 'é', 'e\u0301'),
  fc
    .string({ unit: 'binary', minLength: 1, maxLength: 4 })
    .filter((part) => part !== '.' && part !== '..' && !/[/\0]/u.test(part)),
);
const anyParts = fc.array(anyPart, { maxLength: 4 });

/** The definition, spelt out: folder by folder, each by the bytes of its name. */
function compareByParts(a: readonly string[], b: readonly string[]): number {
  for (let at = 0; at < Math.min(a.length, b.length); at += 1) {
    const order = Buffer.compare(Buffer.from(a[at] ?? ''), Buffer.from(b[at] ?? ''));
    if (order !== 0) return order;
  }
  return Math.sign(a.length - b.length);
}

describe('isSafeRelativePath', () => {
  it('holds for parts joined by slashes', () => {
    fc.assert(
      fc.property(anyParts, (parts) => {
        expect(isSafeRelativePath(parts.join('/'))).toBe(true);
      }),
    );
  });

  it.each(['', 'a', 'a/b', '...', '.hidden', 'a..b', ' ', 'C:\\x', 'a\\..\\b'])(
    'holds for %j',
    (path) => {
      expect(isSafeRelativePath(path)).toBe(true);
    },
  );

  it.each([
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    './a',
    'a/.',
    '..',
    '../a',
    'a/..',
    'a/../b',
    'a\0',
    '\ud800',
    'a/\udc00b',
  ])('does not hold for %j', (path) => {
    expect(isSafeRelativePath(path)).toBe(false);
  });

  it('never lets a path out of its folder, whatever is put between the slashes', () => {
    const hostile = fc.array(fc.oneof(anyPart, fc.constantFrom('', '.', '..', '\0', '\ud800')));
    fc.assert(
      fc.property(hostile, (parts) => {
        const path = parts.join('/');
        fc.pre(isSafeRelativePath(path) && path !== '');

        expect(posix.join('/folder', path)).toBe(`/folder/${path}`);
      }),
    );
  });

  it('counts bytes, not characters', () => {
    const name = 'é'.repeat(PATH_MAX_BYTES / 2);

    expect(isSafeRelativePath(name)).toBe(true);
    expect(isSafeRelativePath(`${name}a`)).toBe(false);
  });
});

describe('comparePaths', () => {
  it('orders part by part, by UTF-8 bytes', () => {
    fc.assert(
      fc.property(anyParts, anyParts, (a, b) => {
        expect(Math.sign(comparePaths(a.join('/'), b.join('/')))).toBe(compareByParts(a, b));
      }),
    );
  });

  it('is the byte order of one name', () => {
    fc.assert(
      fc.property(anyPart, anyPart, (a, b) => {
        expect(comparePaths(a, b)).toBe(Buffer.compare(Buffer.from(a), Buffer.from(b)));
      }),
    );
  });

  it('puts a folder right before what is in it', () => {
    const paths = ['a0', 'a/b', 'a', 'a-b', '', 'a/b/c', 'a b', 'a.plist'];

    expect(paths.toSorted(comparePaths)).toEqual([
      '',
      'a',
      'a/b',
      'a/b/c',
      'a b',
      'a-b',
      'a.plist',
      'a0',
    ]);
  });

  it('orders by bytes where UTF-16 would not', () => {
    const names = ['\u{1f954}', '\ufffd'];

    expect(names.toSorted()).toEqual(names);
    expect(names.toSorted(comparePaths)).toEqual(names.toReversed());
  });
});
