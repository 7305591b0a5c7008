import { describe, expect, it } from '@jest/globals';
import { newUserCode, readUserCode } from './user-code.js';

describe('a user code', () => {
  it('is of eight letters that cannot be confused, and reads as itself', () => {
    const codes = Array.from({ length: 500 }, newUserCode);

    for (const code of codes) {
      expect(code).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
      expect(readUserCode(code)).toBe(code.replace('-', ''));
    }
    expect(new Set(codes).size).toBeGreaterThan(490);
  });

  it.each(['wdjb-mjht', ' WDJB MJHT ', 'wdjbmjht', 'W D J B – M J H T'])(
    'is read from %j',
    (typed) => {
      expect(readUserCode(typed)).toBe('WDJBMJHT');
    },
  );

  it.each(['', 'WDJB-MJH', 'WDJB-MJHTT', 'WDJB-MJHA', 'WDJB-MJH1', 'ẞDJB-MJHT'])(
    'is not read from %j',
    (typed) => {
      expect(readUserCode(typed)).toBeUndefined();
    },
  );
});
