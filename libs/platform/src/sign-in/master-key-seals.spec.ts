import { randomBytes } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { MasterKeySeals } from './master-key-seals.js';

const seals = new MasterKeySeals(randomBytes(32));
const SECRET = Buffer.from('a secret of an authenticator');

describe('what is sealed', () => {
  const sealed = seals.seal('totp', 'ada', SECRET);

  it('opens for whom and what it was sealed for', () => {
    expect(Buffer.from(seals.open('totp', 'ada', sealed) ?? [])).toEqual(SECRET);
  });

  it('opens for nobody and nothing else, nor under another master key', () => {
    expect(seals.open('totp', 'bob', sealed)).toBeUndefined();
    expect(seals.open('challenge', 'ada', sealed)).toBeUndefined();
    expect(new MasterKeySeals(randomBytes(32)).open('totp', 'ada', sealed)).toBeUndefined();
  });

  it('does not open when any byte of it is another, or some are missing', () => {
    for (let at = 0; at < sealed.length; at += 1) {
      const changed = Uint8Array.from(sealed, (byte, place) => (place === at ? byte ^ 1 : byte));
      expect(seals.open('totp', 'ada', changed)).toBeUndefined();
      expect(seals.open('totp', 'ada', sealed.subarray(0, at))).toBeUndefined();
    }
  });

  it('is never the same twice', () => {
    expect(seals.seal('totp', 'ada', SECRET)).not.toEqual(sealed);
  });
});

it('a mark is the same for the same text and purpose, and under another master key another', () => {
  const mark = Buffer.from(seals.mark('attempt', 'x')).toString('hex');

  expect(Buffer.from(seals.mark('attempt', 'x')).toString('hex')).toBe(mark);
  expect(Buffer.from(seals.mark('recovery-code', 'x')).toString('hex')).not.toBe(mark);
  const other = new MasterKeySeals(randomBytes(32)).mark('attempt', 'x');
  expect(Buffer.from(other).toString('hex')).not.toBe(mark);
});
