import { describe, expect, it } from '@jest/globals';
import { idOf } from '../testing/arbitrary-entries.js';
import {
  decodeHaveAnswer,
  decodeHaveQuestion,
  encodeHaveAnswer,
  encodeHaveQuestion,
} from './have-lack.js';

describe('have/lack', () => {
  it('asks for ids and hears of each', () => {
    const ids = ['a', 'b', 'c'].map(idOf);

    const asked = decodeHaveQuestion(encodeHaveQuestion(ids));
    const heard = decodeHaveAnswer(encodeHaveAnswer([true, false, true]), 3);

    expect(asked).toEqual(ids);
    expect(heard).toEqual([true, false, true]);
  });

  it.each([0, 31, 33, 32 * 4097])('refuses a question of %d bytes', (length) => {
    expect(() => decodeHaveQuestion(Buffer.alloc(length))).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BROKEN' }),
    );
  });

  it.each([
    ['too short', Buffer.from([1])],
    ['too long', Buffer.from([1, 0, 1])],
    ['neither 0 nor 1', Buffer.from([1, 2])],
  ])('refuses an answer that is %s', (_, bytes) => {
    expect(() => decodeHaveAnswer(bytes, 2)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BROKEN' }),
    );
  });

  it('asks for at least one id and at most 4096', () => {
    expect(() => encodeHaveQuestion([])).toThrow(RangeError);
    expect(() => encodeHaveQuestion(Array.from({ length: 4097 }, () => idOf('a')))).toThrow(
      RangeError,
    );
  });
});
