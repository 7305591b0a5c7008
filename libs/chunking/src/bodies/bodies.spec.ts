import { describe, expect, it } from '@jest/globals';
import { isArchiveError } from '@rootcellar/model';
import fc from 'fast-check';
import { constants, zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { noise, prose } from '../testing/sample-bytes.js';
import { decodeBody } from './decode-body.js';
import { encodeBody } from './encode-body.js';

const PLAIN = prose(10_000);
const FRAME = zstdCompressSync(PLAIN);
const SKIPPABLE = Buffer.from([0x50, 0x2a, 0x4d, 0x18, 1, 0, 0, 0, 9]);

function frameWith(params: Record<number, number>, plain: Uint8Array = PLAIN): Buffer {
  return zstdCompressSync(plain, { params });
}

describe('encodeBody', () => {
  it('is undone by decodeBody', () => {
    fc.assert(
      fc.property(fc.nat(300_000), fc.boolean(), fc.boolean(), (length, dense, raw) => {
        const plain = dense ? noise(length) : prose(length);

        const { codec, body } = encodeBody(plain, { raw });

        expect(body.length).toBeLessThanOrEqual(plain.length);
        expect(Buffer.compare(decodeBody(codec, body, plain.length), plain)).toBe(0);
      }),
      { numRuns: 50 },
    );
  });

  it('compresses what gets shorter', () => {
    const { codec, body } = encodeBody(PLAIN);

    expect(codec).toBe(1);
    expect(body.length).toBeLessThan(PLAIN.length / 2);
  });

  it.each([
    ['noise', noise(10_000)],
    ['next to nothing', Buffer.from('aaaa')],
    ['nothing', Buffer.alloc(0)],
  ])('keeps %s plain', (_, plain) => {
    expect(encodeBody(plain)).toEqual({ codec: 0, body: plain });
  });

  it('does not try when told not to', () => {
    expect(encodeBody(PLAIN, { raw: true })).toEqual({ codec: 0, body: PLAIN });
  });
});

describe('decodeBody', () => {
  it('reads frames of other encoders', () => {
    const fast = frameWith({ [constants.ZSTD_c_compressionLevel]: -5 });
    const checked = frameWith({ [constants.ZSTD_c_checksumFlag]: 1 });
    const unsized = frameWith({ [constants.ZSTD_c_contentSizeFlag]: 0 });
    const zeros = frameWith({}, Buffer.alloc(1_000_000));

    for (const frame of [fast, checked, unsized]) {
      expect(decodeBody(1, frame, PLAIN.length)).toEqual(PLAIN);
    }
    expect(decodeBody(1, zeros, 1_000_000)).toHaveLength(1_000_000);
  });

  it('is stricter than the decoder below it', () => {
    // If this fails, Node has changed: see whether walking the frame is still needed.
    expect(zstdDecompressSync(Buffer.concat([FRAME, SKIPPABLE]))).toHaveLength(PLAIN.length);
    expect(zstdDecompressSync(Buffer.concat([SKIPPABLE, FRAME]))).toHaveLength(0);
  });

  it.each<[string, number, Uint8Array, number]>([
    ['an unknown codec', 2, FRAME, PLAIN.length],
    ['plain bytes that are too few', 0, PLAIN, PLAIN.length + 1],
    ['plain bytes that are too many', 0, PLAIN, PLAIN.length - 1],
    ['bytes behind the frame', 1, Buffer.concat([FRAME, Buffer.from('x')]), PLAIN.length],
    ['two frames', 1, Buffer.concat([FRAME, FRAME]), PLAIN.length],
    ['a skippable frame before', 1, Buffer.concat([SKIPPABLE, FRAME]), PLAIN.length],
    ['a skippable frame behind', 1, Buffer.concat([FRAME, SKIPPABLE]), PLAIN.length],
    ['a frame that is cut off', 1, FRAME.subarray(0, -1), PLAIN.length],
    ['a frame that announces more', 1, FRAME, PLAIN.length - 1],
    ['a frame that announces less', 1, FRAME, PLAIN.length + 1],
    ['no frame', 1, Buffer.from('not a frame at all'), PLAIN.length],
    ['nothing', 1, Buffer.alloc(0), PLAIN.length],
    ['nothing for nothing', 1, Buffer.alloc(0), 0],
    ['more than a chunk may hold', 0, Buffer.alloc(4_194_305), 4_194_305],
    ['a body longer than its plain bytes', 1, zstdCompressSync(Buffer.from('a')), 1],
  ])('refuses %s', (_, codec, body, plainLength) => {
    expect(() => decodeBody(codec, body, plainLength)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BROKEN' }),
    );
  });

  it('refuses frames that expand to more or less than was said without allocating it', () => {
    const bomb = frameWith({ [constants.ZSTD_c_contentSizeFlag]: 0 }, Buffer.alloc(100_000_000));

    expect(() => decodeBody(1, bomb, 100_000)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BROKEN' }),
    );
    expect(() => decodeBody(1, bomb, 4_194_304)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BROKEN' }),
    );
  });

  it('refuses a frame that wants a larger window than our own have', () => {
    const wide = Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0x00, 31 << 3, 0x03, 0x00, 0x00]);

    expect(() => decodeBody(1, wide, 100)).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BROKEN' }),
    );
  });

  it('throws the code the caller chose', () => {
    expect(() => decodeBody(0, PLAIN, 1, { code: 'CHUNK_DAMAGED' })).toThrow(
      expect.objectContaining({ code: 'CHUNK_DAMAGED' }),
    );
  });

  it('meets damaged frames with nothing but its error', () => {
    fc.assert(
      fc.property(fc.nat(FRAME.length - 1), fc.integer({ min: 1, max: 255 }), (at, flip) => {
        const damaged = Buffer.from(FRAME);
        damaged.writeUInt8(damaged.readUInt8(at) ^ flip, at);

        let error: unknown;
        try {
          expect(decodeBody(1, damaged, PLAIN.length)).toHaveLength(PLAIN.length);
        } catch (thrown) {
          error = thrown;
        }

        expect(error === undefined || isArchiveError(error, 'PROTOCOL_BROKEN')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
