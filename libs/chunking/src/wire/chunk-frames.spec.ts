import { describe, expect, it } from '@jest/globals';
import { isArchiveError } from '@rootcellar/model';
import fc from 'fast-check';
import type { Codec } from '../bodies/codec.js';
import { idOf } from '../testing/arbitrary-entries.js';
import { noise } from '../testing/sample-bytes.js';
import { readChunkFrames, writeChunkFrame } from './chunk-frames.js';
import type { ChunkFrame } from './chunk-frames.js';

const anyFrame: fc.Arbitrary<ChunkFrame> = fc
  .tuple(fc.nat(300), fc.nat(100), fc.constantFrom<Codec>(0, 1))
  .map(([bodyLength, more, codec]) => ({
    codec,
    plainLength: bodyLength + (codec === 0 ? 0 : more),
    id: Buffer.from(idOf(bodyLength), 'hex'),
    body: noise(bodyLength, more),
  }));

function encode(frames: readonly ChunkFrame[]): Buffer {
  const target = Buffer.alloc(frames.reduce((sum, { body }) => sum + 41 + body.length, 0));
  let at = 0;
  for (const frame of frames) at += writeChunkFrame(target, at, frame, frame.body);
  return target;
}

const ONE = encode([
  { codec: 0, plainLength: 3, id: Buffer.alloc(32, 7), body: Buffer.from('abc') },
]);

describe('chunk frames', () => {
  it('are read as they were written', () => {
    fc.assert(
      fc.property(fc.array(anyFrame), (frames) => {
        const read = [...readChunkFrames(encode(frames))];

        expect(read).toEqual(frames);
      }),
    );
  });

  it('have the bytes of docs/protocol.md', () => {
    expect(ONE.toString('hex')).toBe(
      ['00', '03000000', '03000000', '07'.repeat(32), '616263'].join(''),
    );
  });

  it('are views of the message', () => {
    const [frame] = readChunkFrames(ONE);

    expect(frame?.body.buffer).toBe(ONE.buffer);
    expect(frame?.id.buffer).toBe(ONE.buffer);
  });

  it.each<[string, (bytes: Buffer) => Uint8Array]>([
    ['cut off in the head', (bytes) => bytes.subarray(0, 40)],
    ['cut off in the body', (bytes) => bytes.subarray(0, -1)],
    ['followed by something', (bytes) => Buffer.concat([bytes, Buffer.alloc(1)])],
    ['of an unknown codec', (bytes) => bytes.fill(2, 0, 1)],
    ['plain with two lengths', (bytes) => bytes.fill(4, 1, 2)],
    ['longer than their plain bytes', (bytes) => bytes.fill(1, 0, 1).fill(2, 1, 2)],
    ['of more than 4 MiB', (bytes) => bytes.fill(0xff, 1, 5)],
    ['of more than 16 MiB together', () => Buffer.alloc(16 * 1024 * 1024 + 1)],
  ])('are refused when %s', (_, spoil) => {
    const bytes = spoil(Buffer.from(ONE));

    expect(() => [...readChunkFrames(bytes)]).toThrow(
      expect.objectContaining({ code: 'PROTOCOL_BROKEN' }),
    );
  });

  it.each([
    [
      'a body longer than its plain bytes',
      { codec: 1 as const, plainLength: 2, id: Buffer.alloc(32) },
    ],
    ['an id of another length', { codec: 0 as const, plainLength: 3, id: Buffer.alloc(31) }],
  ])('cannot be written with %s', (_, head) => {
    expect(() => writeChunkFrame(Buffer.alloc(100), 0, head, Buffer.from('abc'))).toThrow(
      RangeError,
    );
  });

  it('cannot be written where there is no room', () => {
    const head = { codec: 0 as const, plainLength: 3, id: Buffer.alloc(32) };

    expect(() => writeChunkFrame(Buffer.alloc(43), 0, head, Buffer.from('abc'))).toThrow(
      RangeError,
    );
  });

  it('meet random bytes with nothing but their error', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        let error: unknown;
        try {
          for (const frame of readChunkFrames(bytes)) expect(frame.body.length).toBeLessThan(200);
        } catch (thrown) {
          error = thrown;
        }

        expect(error === undefined || isArchiveError(error, 'PROTOCOL_BROKEN')).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});
