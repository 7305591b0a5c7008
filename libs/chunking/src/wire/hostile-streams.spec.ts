import { describe, expect, it } from '@jest/globals';
import { isArchiveError } from '@rootcellar/model';
import fc from 'fast-check';
import { idOf } from '../testing/arbitrary-entries.js';
import { noise, split, streamOf } from '../testing/sample-bytes.js';
import { CHUNK_RECORD_BYTES, writeChunkRecord } from './chunk-record.js';
import { encodeErrorRecord } from './error-record.js';
import { readEntryRecords } from './read-entry-records.js';
import { readFileRecords } from './read-file-records.js';
import { encodeEndRecord, encodeEntryRecord } from './write-entry.js';

const REF = { id: idOf('x'), length: 40 };
const ENTRY = encodeEntryRecord({
  path: 'a',
  type: 'file',
  mtimeNs: 1n,
  size: 40,
  chunks: 1,
  refs: [REF],
});
const CHUNK = Buffer.alloc(CHUNK_RECORD_BYTES + 40);
writeChunkRecord(
  CHUNK,
  0,
  { id: Buffer.from(REF.id, 'hex'), codec: 0, plainLength: 40 },
  noise(40),
);
const END = encodeEndRecord(1);

const READERS = [
  ['readEntryRecords', readEntryRecords, Buffer.concat([ENTRY, END])],
  ['readFileRecords', readFileRecords, Buffer.concat([ENTRY, CHUNK, END])],
  ['readFileRecords, with an error', readFileRecords, Buffer.concat([ENTRY, encodeErrorRecord(1)])],
] as const;

type Read = (source: AsyncIterable<Uint8Array>) => AsyncIterable<object>;

/** What the reader throws, if anything. */
async function failureOf(
  read: Read,
  bytes: Uint8Array,
  pieces: readonly number[],
): Promise<unknown> {
  try {
    for await (const record of read(streamOf(split(bytes, pieces)))) expect(record).toBeDefined();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(READERS)('%s', (_, read, whole) => {
  it('meets random bytes with nothing but ArchiveErrors', async () => {
    const anyBytes = fc.uint8Array({ maxLength: 120 }).map((bytes) => Buffer.from([1, ...bytes]));

    await fc.assert(
      fc.asyncProperty(anyBytes, async (bytes) => {
        expect(isArchiveError(await failureOf(read, bytes, []))).toBe(true);
      }),
      { numRuns: 500 },
    );
  });

  it('meets a stream with changed, lost or doubled bytes with nothing but ArchiveErrors', async () => {
    const anyPlace = fc.nat(whole.length - 1);
    const anyChange = fc.constantFrom('flip', 'drop', 'double');

    await fc.assert(
      fc.asyncProperty(
        anyPlace,
        anyChange,
        fc.nat(255),
        fc.array(fc.nat(60)),
        async (at, change, value, pieces) => {
          const [before, byte, after] = [
            whole.subarray(0, at),
            whole.subarray(at, at + 1),
            whole.subarray(at + 1),
          ];
          const middle = {
            flip: Buffer.from([value]),
            drop: Buffer.alloc(0),
            double: Buffer.concat([byte, byte]),
          }[change];

          const error = await failureOf(read, Buffer.concat([before, middle, after]), pieces);

          expect(error === undefined || isArchiveError(error)).toBe(true);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('notices every place where a stream may break off', async () => {
    for (let length = 0; length < whole.length; length += 1) {
      expect(isArchiveError(await failureOf(read, whole.subarray(0, length), []))).toBe(true);
    }
  });
});
