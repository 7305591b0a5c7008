import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { CHUNK_ID_BYTES, chunkId, chunkIdFromBytes, chunkIdToBytes, sha256 } from './chunk-id.js';

const INVALID = expect.objectContaining({ code: 'INPUT_INVALID' });

describe('sha256', () => {
  // FIPS 180-4, examples of NIST.
  it.each([
    ['', 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855'],
    ['abc', 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'],
    [
      'abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq',
      '248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1',
    ],
  ])('of %j is the published one', (text, digest) => {
    expect(sha256(Buffer.from(text))).toBe(digest);
  });

  it('of several parts is that of the parts in a row', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array()), (parts) => {
        expect(sha256(...parts)).toBe(sha256(Buffer.concat(parts)));
      }),
    );
  });
});

describe('ids of chunks', () => {
  it('go from text to bytes and back', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: CHUNK_ID_BYTES, maxLength: CHUNK_ID_BYTES }),
        (bytes) => {
          const id = chunkIdFromBytes(bytes);

          expect(chunkId(id)).toBe(id);
          expect([...chunkIdToBytes(id)]).toEqual([...bytes]);
        },
      ),
    );
  });

  it('are read from a view without the bytes around it', () => {
    const memory = Buffer.from(`${'00'.repeat(3)}${'ab'.repeat(32)}${'00'.repeat(3)}`, 'hex');

    expect(chunkIdFromBytes(memory.subarray(3, 35))).toBe('ab'.repeat(32));
  });

  it.each([0, 31, 33])('do not have %d bytes', (length) => {
    expect(() => chunkIdFromBytes(new Uint8Array(length))).toThrow(INVALID);
  });

  it.each(['', 'ab'.repeat(31), 'ab'.repeat(33), 'AB'.repeat(32), `${'ab'.repeat(31)}zz`])(
    'are not %j',
    (text) => {
      expect(() => chunkId(text)).toThrow(INVALID);
    },
  );
});
