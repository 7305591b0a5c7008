import { createHmac } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  deriveChunkKey,
  blindText,
  deriveGearSeed,
  deriveTrailerKey,
  newHouseholdKey,
  unwrapHouseholdKey,
  uuidBytes,
  wrapHouseholdKey,
} from './household-key.js';
import { hkdf } from './testing/format-by-reference.js';

const WRONG = expect.objectContaining({ code: 'MASTER_KEY_WRONG' });
const UNKNOWN = expect.objectContaining({ code: 'FORMAT_UNKNOWN' });

const anyBytes = (length: number): fc.Arbitrary<Uint8Array> =>
  fc.uint8Array({ minLength: length, maxLength: length });
const anyContext = fc.record({ masterKey: anyBytes(32), householdId: fc.uuid() });

describe('a wrapped household key', () => {
  it('is unwrapped by the master key that wrapped it, for the same household', () => {
    fc.assert(
      fc.property(anyBytes(32), anyContext, (key, context) => {
        const wrapped = wrapHouseholdKey(key, context);

        expect(wrapped).toHaveLength(61);
        expect(Buffer.compare(unwrapHouseholdKey(wrapped, context), key)).toBe(0);
      }),
    );
  });

  it('is not unwrapped by another master key', () => {
    fc.assert(
      fc.property(anyContext, fc.nat(31), (context, at) => {
        const wrapped = wrapHouseholdKey(newHouseholdKey(), context);
        const masterKey = context.masterKey.map((byte, place) => (place === at ? byte ^ 1 : byte));

        expect(() => unwrapHouseholdKey(wrapped, { ...context, masterKey })).toThrow(WRONG);
      }),
    );
  });

  it('cannot be passed off as the key of another household', () => {
    fc.assert(
      fc.property(anyContext, fc.uuid(), (context, householdId) => {
        fc.pre(householdId !== context.householdId);
        const wrapped = wrapHouseholdKey(newHouseholdKey(), context);

        expect(() => unwrapHouseholdKey(wrapped, { ...context, householdId })).toThrow(WRONG);
      }),
    );
  });

  it('is refused when any bit of it is another', () => {
    fc.assert(
      fc.property(anyContext, fc.nat(60), fc.nat(7), (context, at, bit) => {
        const wrapped = Buffer.from(wrapHouseholdKey(newHouseholdKey(), context));
        wrapped.writeUInt8(wrapped.readUInt8(at) ^ (1 << bit), at);

        expect(() => unwrapHouseholdKey(wrapped, context)).toThrow(at === 0 ? UNKNOWN : WRONG);
      }),
    );
  });

  it.each([0, 1, 60, 62])('of %d bytes is of no form this release knows', (length) => {
    const context = {
      masterKey: Buffer.alloc(32),
      householdId: '0192f8a0-0000-7000-8000-000000000000',
    };

    expect(() => unwrapHouseholdKey(Buffer.alloc(length, 1), context)).toThrow(UNKNOWN);
  });

  it('shows nothing of the key: wrapped twice, it is not the same', () => {
    const context = {
      masterKey: Buffer.alloc(32),
      householdId: '0192f8a0-0000-7000-8000-000000000000',
    };
    const key = newHouseholdKey();

    const [one, two] = [wrapHouseholdKey(key, context), wrapHouseholdKey(key, context)];

    expect(Buffer.compare(one, two)).not.toBe(0);
  });
});

describe('derived keys', () => {
  it('are those of HKDF, whatever was derived before', () => {
    fc.assert(
      fc.property(anyBytes(32), anyBytes(32), anyBytes(16), (key, chunk, pack) => {
        const derived = [
          deriveChunkKey(key, chunk).export(),
          deriveTrailerKey(key, pack).export(),
          deriveGearSeed(key),
        ];

        expect(derived.map((bytes) => Buffer.from(bytes).toString('hex'))).toEqual([
          hkdf(key, 'rootcellar/v1/chunk', chunk).toString('hex'),
          hkdf(key, 'rootcellar/v1/trailer', pack).toString('hex'),
          hkdf(key, 'rootcellar/v1/gear').toString('hex'),
        ]);
      }),
      { numRuns: 300 },
    );
  });
});

describe('a blinded text', () => {
  it('is the HMAC under a key of its own, another one in each household', () => {
    fc.assert(
      fc.property(anyBytes(32), fc.string(), (key, text) => {
        const expected = createHmac('sha256', hkdf(key, 'rootcellar/v1/blind')).update(text);

        expect(Buffer.from(blindText(key, text)).equals(expected.digest())).toBe(true);
      }),
      { numRuns: 100 },
    );
  });
});

describe('newHouseholdKey', () => {
  it('gives 32 bytes, never the same', () => {
    const keys = Array.from({ length: 100 }, () => Buffer.from(newHouseholdKey()).toString('hex'));

    expect(keys.every((key) => key.length === 64)).toBe(true);
    expect(new Set(keys).size).toBe(100);
  });
});

describe('uuidBytes', () => {
  it('are the digits in the order they are written', () => {
    expect(uuidBytes('00112233-4455-6677-8899-aabbccddeeff').toString('hex')).toBe(
      '00112233445566778899aabbccddeeff',
    );
  });
});
