import { beforeAll, describe, expect, it } from '@jest/globals';
import { CODEC } from '@rootcellar/chunking';
import { chunkIdToBytes, isArchiveError, parseId, sha256 } from '@rootcellar/model';
import type { PackId } from '@rootcellar/model';
import fc from 'fast-check';
import {
  PACK_ENTRY_BYTES,
  PACK_HEADER_BYTES,
  PACK_TYPE,
  decodePack,
  decodePackEntries,
  encodePackEntry,
  encodePackHeader,
  encodePackTail,
} from './pack-format.js';
import type { PackIdentity } from './pack-format.js';
import { CHUNK_KIND, SEAL_BYTES, openChunk, sealChunk } from './sealed-chunk.js';
import type { ChunkHead } from './sealed-chunk.js';
import { packByReference } from './testing/format-by-reference.js';

const DAMAGED = expect.objectContaining({ code: 'PACK_DAMAGED' });
const IDENTITY: PackIdentity = {
  packId: parseId<PackId>('0192f8a0-1234-7abc-8def-0123456789ab'),
  type: PACK_TYPE.data,
  householdKey: Buffer.alloc(32, 3),
};

interface SampleChunk {
  readonly head: ChunkHead;
  readonly body: Uint8Array;
}

const anyChunk: fc.Arbitrary<SampleChunk> = fc
  .record({
    body: fc.uint8Array({ maxLength: 100 }),
    kind: fc.constantFrom(...Object.values(CHUNK_KIND)),
    codec: fc.constantFrom(...Object.values(CODEC)),
    plainLength: fc.nat(4 * 1024 * 1024),
  })
  .map(({ body, ...head }) => ({ body, head: { ...head, id: chunkIdToBytes(sha256(body)) } }));
const anyChunks = fc.array(anyChunk, { maxLength: 8 });
const anyIdentity = fc.record({
  packId: fc.uuid().map((id) => parseId<PackId>(id)),
  type: fc.constantFrom(...Object.values(PACK_TYPE)),
  householdKey: fc.uint8Array({ minLength: 32, maxLength: 32 }),
});

function writePack(identity: PackIdentity, chunks: readonly SampleChunk[]): Buffer {
  const sealed = chunks.map((chunk) => {
    const place = Buffer.alloc(chunk.body.length + SEAL_BYTES);
    sealChunk(identity.householdKey, chunk, place, 0);
    return place;
  });
  const lines = chunks.map(({ head }, at) =>
    encodePackEntry({ ...head, sealedLength: sealed[at]?.length ?? 0 }),
  );
  const { tail, sha256: digest } = encodePackTail(identity, sealed, Buffer.concat(lines));
  expect(tail.subarray(-32).equals(digest)).toBe(true);
  return Buffer.concat([encodePackHeader(identity.type), ...sealed, tail]);
}

describe('a pack', () => {
  it('is read back as it was written: the same chunks at their places', () => {
    fc.assert(
      fc.property(anyIdentity, anyChunks, (identity, chunks) => {
        const bytes = writePack(identity, chunks);

        const entries = decodePack(identity, bytes);

        expect(entries).toHaveLength(chunks.length);
        let offset = PACK_HEADER_BYTES;
        for (const [at, entry] of entries.entries()) {
          const { head, body } = chunks[at] ?? { head: undefined, body: Buffer.of() };
          expect(entry).toMatchObject({ ...head, offset, sealedLength: body.length + SEAL_BYTES });
          offset += entry.sealedLength;
          const opened = openChunk(
            identity.householdKey,
            entry,
            bytes.subarray(entry.offset, offset),
          );
          expect(Buffer.compare(opened, body)).toBe(0);
        }
      }),
    );
  });

  it('is refused when any bit of it is another', () => {
    const [chunk] = fc.sample(anyChunk, { numRuns: 1, seed: 1 });
    const bytes = writePack(IDENTITY, chunk === undefined ? [] : [chunk, chunk]);

    for (let bit = 0; bit < bytes.length * 8; bit += 1) {
      const damaged = Buffer.from(bytes);
      damaged.writeUInt8(damaged.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3);

      expect(codeOf(() => decodePack(IDENTITY, damaged))).toMatch(
        /^(PACK_DAMAGED|FORMAT_UNKNOWN)$/,
      );
    }
  });

  it('is refused at every length but its own', () => {
    const bytes = writePack(IDENTITY, fc.sample(anyChunk, { numRuns: 2, seed: 2 }));

    for (let length = 0; length < bytes.length; length += 1) {
      expect(codeOf(() => decodePack(IDENTITY, bytes.subarray(0, length)))).toBe('PACK_DAMAGED');
    }
    expect(() => decodePack(IDENTITY, Buffer.concat([bytes, Buffer.of(0)]))).toThrow(DAMAGED);
  });

  it('is not another pack, of another type or household', () => {
    const bytes = writePack(IDENTITY, []);
    const other = parseId<PackId>('0192f8a0-1234-7abc-8def-0123456789ac');

    expect(() => decodePack({ ...IDENTITY, packId: other }, bytes)).toThrow(DAMAGED);
    expect(() => decodePack({ ...IDENTITY, type: PACK_TYPE.metadata }, bytes)).toThrow(DAMAGED);
    expect(() => decodePack({ ...IDENTITY, householdKey: Buffer.alloc(32) }, bytes)).toThrow(
      DAMAGED,
    );
  });
});

/** Packs as nobody but the key's owner could write them: whole by their SHA-256, and still wrong. */
describe('a pack that is signed but does not add up', () => {
  const packId = Buffer.from('0192f8a012347abc8def0123456789ab', 'hex');
  const id = Buffer.alloc(32, 1);
  const head = { id, kind: 1, codec: 0, plainLength: 4 };
  let forge: (type: number, chunks: Parameters<typeof packByReference>[2]) => Buffer;

  beforeAll(() => {
    forge = (type, chunks) =>
      packByReference(
        { householdKey: IDENTITY.householdKey, packId, type },
        Buffer.alloc(12, 9),
        chunks,
      );
  });

  it('is read when it is right', () => {
    expect(decodePack(IDENTITY, forge(1, [{ head, sealed: Buffer.alloc(32) }]))).toHaveLength(1);
  });

  it.each([
    ['an unknown kind', { ...head, kind: 5 }, 32],
    ['an unknown codec', { ...head, codec: 2 }, 32],
    ['a chunk without room for its seal', head, SEAL_BYTES - 1],
  ])('is refused for %s', (_, wrong, length) => {
    const bytes = forge(1, [{ head: wrong, sealed: Buffer.alloc(length) }]);

    expect(() => decodePack(IDENTITY, bytes)).toThrow(DAMAGED);
  });

  it('is refused when a header of one type stands before an index of the other', () => {
    const bytes = forge(2, []);
    bytes.writeUInt8(1, 7);
    Buffer.from(sha256(bytes.subarray(0, -32)), 'hex').copy(bytes, bytes.length - 32);

    expect(() => decodePack(IDENTITY, bytes)).toThrow(DAMAGED);
  });

  it('is refused when its index has a length there is no room for', () => {
    for (const length of [0, SEAL_BYTES - 1, SEAL_BYTES + 1, 0xffff_ffff]) {
      const bytes = forge(1, []);
      bytes.writeUInt32LE(length, bytes.length - 36);
      Buffer.from(sha256(bytes.subarray(0, -32)), 'hex').copy(bytes, bytes.length - 32);

      expect(() => decodePack(IDENTITY, bytes)).toThrow(DAMAGED);
    }
  });
});

describe('decodePackEntries', () => {
  it('refuses a line that breaks off', () => {
    const line = encodePackEntry({
      id: Buffer.alloc(32),
      kind: CHUNK_KIND.data,
      codec: CODEC.plain,
      plainLength: 0,
      sealedLength: SEAL_BYTES,
    });

    expect(line).toHaveLength(PACK_ENTRY_BYTES);
    expect(() => decodePackEntries(line.subarray(1))).toThrow(DAMAGED);
  });
});

function codeOf(work: () => unknown): string {
  try {
    work();
    return 'nothing was thrown';
  } catch (error) {
    return isArchiveError(error) ? error.code : 'another error';
  }
}
