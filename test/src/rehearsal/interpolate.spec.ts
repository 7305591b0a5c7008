import { describe, expect, it } from '@jest/globals';
import { interpolate } from './interpolate.js';

describe('interpolation of compose files', () => {
  it.each([
    ['${A}', 'a'],
    ['${A:-b} ${B:-b} ${EMPTY:-c}', 'a b c'],
    ['<${B}${EMPTY}>', '<>'],
    ['$$(cat file) $A', '$(cat file) $A'],
    ['${A:?is needed}:${A}', 'a:a'],
  ])('makes of %s', (text, expected) => {
    expect(interpolate(text, { A: 'a', EMPTY: '' })).toBe(expected);
  });

  it('says what is wrong when a variable has to be set', () => {
    expect(() => interpolate('${B:?run deploy/make-secrets first}', {})).toThrow(
      'B: run deploy/make-secrets first',
    );
  });
});
