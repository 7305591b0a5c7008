import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { join, normalize, sep } from 'node:path';
import { isObjectKey, objectKey } from './object-key.js';

describe('objectKey', () => {
  it.each([
    'a',
    'vault',
    'households/0190-ab/packs/ff/x.Y_z',
    '.hidden',
    '..x/...',
    '-',
    'k'.repeat(255),
  ])('takes %s', (text) => {
    expect(objectKey(text)).toBe(text);
  });

  it.each([
    '',
    '/',
    '/a',
    'a/',
    'a//b',
    '.',
    '..',
    'a/../b',
    './a',
    'a/.',
    'a b',
    'a\\b',
    'c:',
    '~tmp',
    'ä',
    'a\0',
    'a\n',
    'k'.repeat(256),
    `${'k'.repeat(255)}/${'k'.repeat(255)}/k`,
  ])('refuses %j', (text) => {
    expect(() => objectKey(text)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });

  it('takes nothing that leads out of a folder or to another name in it', () => {
    const anyText = fc.array(fc.constantFrom('a', 'B', '.', '..', '/', '-', '_', '0'), {
      maxLength: 8,
    });

    fc.assert(
      fc.property(anyText, (parts) => {
        const text = parts.join('');
        fc.pre(isObjectKey(text));

        expect(normalize(join('root', text)).split(sep).slice(1).join('/')).toBe(text);
      }),
    );
  });
});
