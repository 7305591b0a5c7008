import { describe, expect, it } from '@jest/globals';
import { ArchiveError, chunkIdFromBytes } from '@rootcellar/model';
import fc from 'fast-check';
import { anyEntries, idOf } from '../testing/arbitrary-entries.js';
import { collect, noise, split, streamOf } from '../testing/sample-bytes.js';
import { CHUNK_RECORD_BYTES, writeChunkRecord } from './chunk-record.js';
import type { ChunkRef, FileEntry } from './entry.js';
import { encodeErrorRecord } from './error-record.js';
import { readFileRecords } from './read-file-records.js';
import type { FileRecord } from './read-file-records.js';
import { encodeEndRecord, encodeEntryRecord, encodeMoreRecord } from './write-entry.js';

const MOST_BODY = 300;

/** A body for a ref: plain when short, else something shorter that claims to be compressed. */
function chunkRecord({ id, length }: ChunkRef): Buffer {
  const body = noise(Math.min(length, MOST_BODY), length % 251);
  const record = Buffer.alloc(CHUNK_RECORD_BYTES + body.length);
  const codec = length > MOST_BODY ? 1 : 0;
  writeChunkRecord(record, 0, { id: Buffer.from(id, 'hex'), codec, plainLength: length }, body);
  return record;
}

/** The stream of these files, at most `batch` refs in a record. */
function encode(entries: readonly FileEntry[], batch: number): Buffer {
  const parts: Buffer[] = [];
  for (const entry of entries) {
    const { refs } = entry;
    parts.push(encodeEntryRecord({ ...entry, chunks: refs.length, refs: refs.slice(0, batch) }));
    parts.push(...refs.slice(0, batch).map(chunkRecord));
    for (let from = batch; from < refs.length; from += batch) {
      const more = refs.slice(from, from + batch);
      parts.push(encodeMoreRecord(more), ...more.map(chunkRecord));
    }
  }
  return Buffer.concat([...parts, encodeEndRecord(entries.length)]);
}

async function read(...pieces: Uint8Array[]): Promise<FileRecord[]> {
  return collect(readFileRecords(streamOf(pieces)));
}

const REF: ChunkRef = { id: idOf('a chunk'), length: 100 };
const FILE: FileEntry = { path: 'f', type: 'file', mtimeNs: 5n, size: 100, refs: [REF] };

describe('readFileRecords', () => {
  it('gives every file and every chunk in order, wherever the stream is split', async () => {
    const anyPieces = fc.array(fc.oneof(fc.nat(5), fc.nat(1000)));

    await fc.assert(
      fc.asyncProperty(
        anyEntries,
        fc.integer({ min: 1, max: 4 }),
        anyPieces,
        async (entries, batch, pieces) => {
          const records = await read(...split(encode(entries, batch), pieces));

          const heads = records.filter((record) => record.record === 'entry');
          const chunks = records.filter((record) => record.record === 'chunk');
          const refs = entries.flatMap((entry) => entry.refs);
          expect(heads).toMatchObject(
            entries.map(({ path, type, mtimeNs, size, refs: all }) => ({
              path,
              type,
              mtimeNs,
              size,
              chunks: all.length,
            })),
          );
          expect(chunks.map(({ id, plainLength }) => ({ id, length: plainLength }))).toEqual(refs);
          chunks.forEach((chunk, at) => {
            const ref = refs[at] ?? REF;
            expect(Buffer.compare(chunk.body, chunkRecord(ref).subarray(CHUNK_RECORD_BYTES))).toBe(
              0,
            );
          });
          expect(records.at(-1)).toEqual({ record: 'end', entries: entries.length });
        },
      ),
      { numRuns: 200 },
    );
  });

  it('copies no body that one piece holds', async () => {
    const bytes = encode([FILE], 1);

    const records = await read(bytes);

    const [chunk] = records.filter((record) => record.record === 'chunk');
    expect(chunk?.body.buffer).toBe(bytes.buffer);
  });

  it('gives a body that spans pieces a buffer of its own', async () => {
    const bytes = encode([FILE], 1);

    const records = await read(...split(bytes, [bytes.length - 20]));

    const [chunk] = records.filter((record) => record.record === 'chunk');
    expect(chunk?.body.buffer.byteLength).toBe(100);
  });

  it.each<[string, Buffer[]]>([
    ['was cut off between records', [encode([FILE], 1).subarray(0, -9)]],
    ['was cut off in a body', [encode([FILE], 1).subarray(0, -10)]],
    ['goes on behind its end', [encode([FILE], 1), Buffer.alloc(1)]],
    ['lacks a chunk', [encodeEntryRecord({ ...FILE, chunks: 1 }), encodeEndRecord(1)]],
    ['brings a chunk nobody announced', [chunkRecord(REF)]],
    [
      'brings another chunk',
      [encodeEntryRecord({ ...FILE, chunks: 1 }), chunkRecord({ ...REF, id: idOf('b') })],
    ],
    [
      'brings a chunk of another length',
      [encodeEntryRecord({ ...FILE, chunks: 1 }), chunkRecord({ ...REF, length: 99 })],
    ],
    ['breaks a rule of lists', [encode([FILE, FILE], 1)]],
    ['holds an unknown record', [Buffer.from([0])]],
  ])('refuses a stream that %s', async (_, pieces) => {
    await expect(read(...pieces)).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  });

  it('asks for no memory that a chunk may not have', async () => {
    const entry = encodeEntryRecord({ ...FILE, chunks: 1 });
    const chunk = chunkRecord(REF).fill(0xff, 2, 10);

    await expect(read(entry, chunk)).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  });

  it.each(['between files', 'between chunks'])(
    'throws what the service says went wrong %s',
    async (place) => {
      const failure = encodeErrorRecord(new ArchiveError('CHUNK_DAMAGED', 'A chunk is damaged.'));
      const begun =
        place === 'between files'
          ? encode([FILE], 1).subarray(0, -9)
          : encodeEntryRecord({ ...FILE, chunks: 1 });

      await expect(read(begun, failure)).rejects.toMatchObject({
        name: 'ArchiveError',
        code: 'CHUNK_DAMAGED',
        message: 'A chunk is damaged.',
      });
    },
  );

  it('names chunks as the list does', async () => {
    const [, chunk] = await read(encode([FILE], 1));

    expect(chunk).toMatchObject({ id: chunkIdFromBytes(Buffer.from(REF.id, 'hex')), codec: 0 });
  });
});
