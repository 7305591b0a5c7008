import { describe, expect, it } from '@jest/globals';
import { CODEC, encodeBody } from '@rootcellar/chunking';
import { chunkIdToBytes, sha256 } from '@rootcellar/model';
import fc from 'fast-check';
import { openPlainChunk } from './open-plain-chunk.js';
import { CHUNK_KIND, SEAL_BYTES, openChunk, sealChunk } from './sealed-chunk.js';
import type { ChunkHead } from './sealed-chunk.js';

const KEY = Buffer.alloc(32, 7);
const DAMAGED = expect.objectContaining({ code: 'CHUNK_DAMAGED' });

const anyKind = fc.constantFrom(...Object.values(CHUNK_KIND));
/** Bytes that compress and bytes that do not. */
const anyPlain = fc.oneof(
  fc.uint8Array({ maxLength: 300 }),
  fc.string({ maxLength: 40 }).map((text) => Buffer.from(text.repeat(20))),
);
const anyKey = fc.uint8Array({ minLength: 32, maxLength: 32 });

function seal(
  plain: Uint8Array,
  kind: ChunkHead['kind'] = CHUNK_KIND.data,
  key: Uint8Array = KEY,
): { head: ChunkHead; body: Uint8Array; sealed: Buffer } {
  const { codec, body } = encodeBody(plain);
  const head = { id: chunkIdToBytes(sha256(plain)), kind, codec, plainLength: plain.length };
  const sealed = Buffer.alloc(body.length + SEAL_BYTES);
  sealChunk(key, { head, body }, sealed, 0);
  return { head, body, sealed };
}

/** One thing that is said about a chunk, said wrongly. */
const WRONG_HEADS: readonly ((head: ChunkHead) => ChunkHead)[] = [
  (head) => ({ ...head, id: head.id.map((byte) => byte ^ 1) }),
  (head) => ({ ...head, kind: head.kind === CHUNK_KIND.root ? CHUNK_KIND.data : CHUNK_KIND.root }),
  (head) => ({ ...head, codec: head.codec === CODEC.plain ? CODEC.zstd : CODEC.plain }),
  (head) => ({ ...head, plainLength: head.plainLength + 1 }),
];

describe('a sealed chunk', () => {
  it('opens to the body that was sealed, under any key, of any kind', () => {
    fc.assert(
      fc.property(anyPlain, anyKind, anyKey, (plain, kind, key) => {
        const { head, body, sealed } = seal(plain, kind, key);

        expect(Buffer.compare(openChunk(key, head, sealed), body)).toBe(0);
        expect(Buffer.compare(openPlainChunk(key, head, sealed), plain)).toBe(0);
      }),
    );
  });

  it('does not open when any bit of it is another', () => {
    fc.assert(
      fc.property(anyPlain, fc.nat(), fc.nat(7), (plain, at, bit) => {
        const { head, sealed } = seal(plain);
        const place = at % sealed.length;
        sealed.writeUInt8(sealed.readUInt8(place) ^ (1 << bit), place);

        expect(() => openChunk(KEY, head, sealed)).toThrow(DAMAGED);
      }),
    );
  });

  it('does not open when it is cut off or goes on', () => {
    fc.assert(
      fc.property(anyPlain, fc.nat(), (plain, at) => {
        const { head, sealed } = seal(plain);

        expect(() => openChunk(KEY, head, sealed.subarray(0, at % sealed.length))).toThrow(DAMAGED);
        expect(() => openChunk(KEY, head, Buffer.concat([sealed, Buffer.of(0)]))).toThrow(DAMAGED);
      }),
    );
  });

  it.each(WRONG_HEADS)('does not open as another chunk than it is (%#)', (wrong) => {
    const { head, sealed } = seal(Buffer.from('something'));

    expect(() => openChunk(KEY, wrong(head), sealed)).toThrow(DAMAGED);
  });

  it('does not open under another key', () => {
    const { head, sealed } = seal(Buffer.from('something'));

    expect(() => openChunk(Buffer.alloc(32, 8), head, sealed)).toThrow(DAMAGED);
  });

  it('never has the same bytes twice', () => {
    const times = Array.from({ length: 3000 }, () =>
      seal(Buffer.from('the same')).sealed.subarray(0, 12).toString('hex'),
    );

    expect(new Set(times).size).toBe(times.length);
  });

  it('may be written over the memory its body lies in, from its beginning on', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ maxLength: 200 }),
        fc.integer({ min: 0, max: 60 }),
        (body, gap) => {
          const head = { ...seal(body).head, codec: CODEC.plain };
          const memory = new Uint8Array(new SharedArrayBuffer(gap + body.length + SEAL_BYTES));
          memory.set(body, gap);

          const length = sealChunk(
            KEY,
            { head, body: memory.subarray(gap, gap + body.length) },
            memory,
            0,
          );

          expect(length).toBe(body.length + SEAL_BYTES);
          expect(Buffer.compare(openChunk(KEY, head, memory.subarray(0, length)), body)).toBe(0);
        },
      ),
    );
  });

  it('writes nothing outside of its place', () => {
    const { head, body } = seal(Buffer.from('something'));
    const memory = Buffer.alloc(100, 0xee);

    const length = sealChunk(KEY, { head, body }, memory, 10);

    expect(memory.subarray(0, 10).equals(Buffer.alloc(10, 0xee))).toBe(true);
    expect(memory.subarray(10 + length).every((byte) => byte === 0xee)).toBe(true);
  });
});

describe('openPlainChunk', () => {
  it('refuses a chunk that was sealed under a name that is not its own', () => {
    const body = Buffer.from('not what the name says');
    const head = {
      id: chunkIdToBytes(sha256(Buffer.from('what the name says'))),
      kind: CHUNK_KIND.data,
      codec: CODEC.plain,
      plainLength: body.length,
    };
    const sealed = Buffer.alloc(body.length + SEAL_BYTES);
    sealChunk(KEY, { head, body }, sealed, 0);

    expect(() => openPlainChunk(KEY, head, sealed)).toThrow(DAMAGED);
  });

  it('refuses a chunk whose body does not expand', () => {
    const body = Buffer.from('no zstd frame');
    const head = {
      id: chunkIdToBytes(sha256(body)),
      kind: CHUNK_KIND.data,
      codec: CODEC.zstd,
      plainLength: 100,
    };
    const sealed = Buffer.alloc(body.length + SEAL_BYTES);
    sealChunk(KEY, { head, body }, sealed, 0);

    expect(() => openPlainChunk(KEY, head, sealed)).toThrow(DAMAGED);
  });
});
