import { describe, expect, it } from '@jest/globals';
import { plainInput } from './plain-input.pipe.js';

const invalid = expect.objectContaining({ code: 'INPUT_INVALID' });

describe('what a client says', () => {
  it.each(['text', 5, null, undefined, { a: ['b', { c: 'd' }] }])(
    'passes as it is: %j',
    (value) => {
      expect(plainInput.transform(value, { type: 'body' })).toBe(value);
    },
  );

  it.each(['a\0b', ['\0'], { a: { b: ['\0'] } }])('holds no zero byte: %j', (value) => {
    expect(() => plainInput.transform(value, { type: 'query' })).toThrow(invalid);
  });

  it('is not nested deeper than any request is', () => {
    const deep: unknown = JSON.parse(`${'['.repeat(100_000)}${']'.repeat(100_000)}`);

    expect(() => plainInput.transform(deep, { type: 'body' })).toThrow(invalid);
  });

  it('is not what a handler is given by the service itself', () => {
    const given = { text: '\0' };

    expect(plainInput.transform(given, { type: 'custom' })).toBe(given);
  });
});
