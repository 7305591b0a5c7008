import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Clock } from './clock.js';
import { newId, parseId } from './id.js';

const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

function clockAt(milliseconds: number): Clock {
  return { now: () => new Date(milliseconds), monotonicMs: () => 0 };
}

/** Dates a UUIDv7 can hold and a `Date` too. */
const anyTime = fc.integer({ min: 0, max: 8_640_000_000_000_000 }).map((ms) => ms % 2 ** 48);

describe('newId', () => {
  it('has the form of a UUIDv7 in lower case, with the time in front', () => {
    fc.assert(
      fc.property(anyTime, (time) => {
        const id = newId(clockAt(time));

        expect(id).toMatch(UUID_V7);
        expect(Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16)).toBe(time);
      }),
    );
  });

  it('sorts as text by the time it was made at', () => {
    fc.assert(
      fc.property(anyTime, anyTime, (a, b) => {
        fc.pre(a !== b);

        const [early, late] = [newId(clockAt(Math.min(a, b))), newId(clockAt(Math.max(a, b)))];

        expect(early < late).toBe(true);
      }),
    );
  });

  it('never gives the same id twice, not even in the same millisecond', () => {
    const ids = new Set(Array.from({ length: 10_000 }, () => newId(clockAt(0))));

    expect(ids.size).toBe(10_000);
  });
});

describe('parseId', () => {
  it('takes what newId makes', () => {
    const id = newId(clockAt(1_795_000_000_000));

    expect(parseId(id)).toBe(id);
  });

  it('takes any UUID and gives it in lower case', () => {
    fc.assert(
      fc.property(fc.uuid(), (uuid) => {
        expect(parseId(uuid.toUpperCase())).toBe(uuid);
      }),
    );
  });

  it.each([
    '',
    'vault',
    '0192f8a0-0000-7000-8000-00000000000',
    '0192f8a0-0000-7000-8000-0000000000000',
    '0192f8a0-0000-7000-8000-00000000000g',
    '0192f8a0000070008000000000000000',
    '{0192f8a0-0000-7000-8000-000000000000}',
    ' 0192f8a0-0000-7000-8000-000000000000',
    '0192f8a0-0000-7000-8000-000000000000\n',
  ])('refuses %j', (text) => {
    expect(() => parseId(text)).toThrow(expect.objectContaining({ code: 'INPUT_INVALID' }));
  });
});
