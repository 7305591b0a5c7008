import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { isSafeRelativePath } from '@rootcellar/model';
import { localPath, originalName } from './local-path.js';

const ROOT = '/target';

function onWindows(path: string): string {
  return localPath(ROOT, path, 'win32').slice(ROOT.length + 1);
}

/** Names around everything Windows minds, and around our own escapes. */
const troublesome = fc
  .array(
    fc.constantFrom('con', 'COM1', 'NUL', 'nul.txt', 'a', '.', ' ', '%', '%2E', ':', '?', '"', '*'),
    { minLength: 1, maxLength: 4 },
  )
  .map((parts) => parts.join(''));
const anyName = fc
  .oneof(troublesome, fc.string({ unit: 'binary', minLength: 1, maxLength: 10 }))
  .filter((name) => name !== '' && !name.includes('/') && isSafeRelativePath(name));

describe('where an entry is written', () => {
  it('is its own name below the target, except on Windows', () => {
    fc.assert(
      fc.property(fc.array(anyName, { minLength: 1, maxLength: 4 }), (parts) => {
        for (const platform of ['linux', 'darwin'] as const)
          expect(localPath(ROOT, parts.join('/'), platform)).toBe([ROOT, ...parts].join('/'));
      }),
    );
  });

  it('is the target itself for the folder that was pushed', () => {
    expect(localPath(ROOT, '', 'linux')).toBe(ROOT);
    expect(localPath(ROOT, '', 'win32')).toBe(ROOT);
  });

  it.each(['..', '../x', 'a/../../x', '/etc/passwd', 'a//b', './a', 'a/', 'a\0b', '\ud800'])(
    'is nowhere for %j, which is no path of a backup',
    (path) => {
      for (const platform of ['linux', 'win32'] as const)
        expect(() => localPath(ROOT, path, platform)).toThrow(
          expect.objectContaining({ code: 'PROTOCOL_BROKEN' }),
        );
    },
  );

  it.each([
    ['plain.txt', 'plain.txt'],
    ['what?.txt', 'what%3F.txt'],
    ['a:b', 'a%3Ab'],
    ['C:', 'C%3A'],
    ['..\\x', '..%5Cx'],
    ['tab\there', 'tab%09here'],
    ['dot.', 'dot%2E'],
    ['space ', 'space%20'],
    ['CON', '%43ON'],
    ['nul.txt', '%6Eul.txt'],
    ['lpt9', '%6Cpt9'],
    ['console', 'console'],
    ['100%', '100%'],
    ['a%3Fb', 'a%253Fb'],
    ['com10', 'com10'],
  ])('on Windows, of %j is %j', (name, written) => {
    expect(onWindows(name)).toBe(written);
  });

  it('on Windows is a name Windows takes', () => {
    fc.assert(
      fc.property(anyName, (name) => {
        const written = onWindows(name);

        // eslint-disable-next-line no-control-regex -- they are what must not be there
        expect(written).not.toMatch(/[<>:"\\|?*\u0000-\u001f]|[. ]$/);
        expect(written).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
      }),
    );
  });

  it('on Windows leads back to what the name was', () => {
    for (const name of ['a:b*c?d', 'CON', 'trailing. ', '100%41', 'plain'])
      expect(originalName(onWindows(name), 'win32')).toBe(name);
    expect(originalName('100%41', 'linux')).toBe('100%41');
  });

  it('on Windows differs for names that differ', () => {
    const alike = anyName.chain((name) =>
      fc.tuple(fc.constant(name), fc.oneof(fc.constant(onWindows(name)), anyName)),
    );
    fc.assert(
      fc.property(alike, ([one, other]) => {
        // Windows takes upper and lower case for the same; so do we, there.
        fc.pre(one.toLowerCase() !== other.toLowerCase());

        expect(onWindows(one).toLowerCase()).not.toBe(onWindows(other).toLowerCase());
      }),
      { numRuns: 2000 },
    );
  });
});
