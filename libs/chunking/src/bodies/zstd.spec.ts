import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  createZstdCompress,
  createZstdDecompress,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import { noise, prose } from '../testing/sample-bytes.js';
import { createCompress, createExpand, openContext } from './zstd.js';

const PLAIN = prose(100_000);
const FRAME = zstdCompressSync(PLAIN);

const WAYS = [
  ['with a kept context', openContext],
  ['where Node keeps none', (): undefined => undefined],
] as const;

describe.each(WAYS)('zstd %s', (_, open) => {
  it('gives frames that anybody can expand, and expands theirs, one after the other', () => {
    const [compress, expand] = [createCompress(3, open), createExpand(open)];
    fc.assert(
      fc.property(fc.nat(150_000), fc.boolean(), (length, dense) => {
        const plain = dense ? noise(length) : prose(length);

        expect(zstdDecompressSync(compress(plain)).equals(plain)).toBe(true);
        expect(Buffer.compare(expand(zstdCompressSync(plain), length), plain)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('takes more than a chunk has', () => {
    const plain = Buffer.concat([noise(3_000_000), prose(3_000_000)]);
    const [compress, expand] = [createCompress(3, open), createExpand(open)];

    const expanded = expand(compress(plain), plain.length);

    expect(Buffer.compare(expanded, plain)).toBe(0);
  });

  it('never takes a broken frame for a whole one, nor the next for its rest', () => {
    const expand = createExpand(open);
    fc.assert(
      fc.property(fc.integer({ min: 0, max: FRAME.length - 1 }), (length) => {
        let cut = 0;
        try {
          cut = expand(FRAME.subarray(0, length), PLAIN.length).length;
        } catch {
          // As it should be.
        }
        const whole = expand(FRAME, PLAIN.length);

        expect(cut).toBeLessThan(PLAIN.length);
        expect(Buffer.compare(whole, PLAIN)).toBe(0);
      }),
      { numRuns: 300 },
    );
  });

  it('expands no further than it is told to', () => {
    const expand = createExpand(open);

    expect(() => expand(FRAME, PLAIN.length - 1)).toThrow(
      expect.objectContaining({ code: 'ERR_BUFFER_TOO_LARGE' }),
    );
  });

  it('reads shared memory', () => {
    const shared = new Uint8Array(new SharedArrayBuffer(PLAIN.length));
    shared.set(PLAIN);

    const frame = createCompress(3, open)(shared);

    expect(zstdDecompressSync(frame).equals(PLAIN)).toBe(true);
  });
});

describe('what Node says nowhere of its streams', () => {
  it('is still so', () => {
    // If this fails, everything works, but slower: look at what has become of the streams of `node:zlib`.
    expect(openContext(createZstdCompress())).toBeDefined();
    expect(openContext(createZstdDecompress())).toBeDefined();
  });
});
