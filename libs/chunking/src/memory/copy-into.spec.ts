import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { copyInto } from './copy-into.js';

describe('copyInto', () => {
  it('copies what `set` copies, into shared and into plain memory', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 300 }),
        fc.nat(50),
        fc.boolean(),
        (source, at, shared) => {
          const memory = new Uint8Array(shared ? new SharedArrayBuffer(400) : new ArrayBuffer(400));
          const target = memory.subarray(10);
          const expected = new Uint8Array(390);
          expected.set(source, at);

          copyInto(target, at, source);

          expect(Buffer.compare(target, expected)).toBe(0);
          expect(memory.subarray(0, 10).every((byte) => byte === 0)).toBe(true);
        },
      ),
    );
  });

  it('writes nothing that does not fit', () => {
    const target = new Uint8Array(4);

    expect(() => copyInto(target, 2, Buffer.from('abc'))).toThrow(RangeError);
    expect(target).toEqual(new Uint8Array(4));
  });
});
