import {
  CHUNK_FRAME_BYTES,
  CHUNK_RECORD_BYTES,
  decodeBody,
  decodeHaveAnswer,
  decodeHaveQuestion,
  encodeBody,
  encodeEndRecord,
  encodeEntries,
  encodeEntryRecord,
  encodeErrorRecord,
  encodeHaveAnswer,
  encodeHaveQuestion,
  encodeMoreRecord,
  readChunkFrames,
  readEntryRecords,
  readFileRecords,
  writeChunkFrame,
  writeChunkRecord,
} from '@rootcellar/chunking';
import type { ChunkRef, EntryHead, EntryRecord } from '@rootcellar/chunking';
import { ArchiveError, chunkIdToBytes, sha256 } from '@rootcellar/model';
import type { Target } from '../target.js';

const PLAINS = [
  Buffer.from('a short chunk'),
  Buffer.alloc(5000, 'text that shrinks '),
  Buffer.from('x'),
];
const REFS = PLAINS.map((plain): ChunkRef => ({ id: sha256(plain), length: plain.length }));

/** What reads messages of the protocol. */
export async function wireTargets(): Promise<readonly Target[]> {
  return [
    { name: 'chunk-frames', seeds: frameSeeds(), run: readFrames },
    {
      name: 'entry-records',
      seeds: await entrySeeds(),
      run: async (input) => countRefs(readEntryRecords(inPieces(input))),
    },
    { name: 'file-records', seeds: fileSeeds(), run: readFiles },
    {
      name: 'have-question',
      seeds: [encodeHaveQuestion(REFS.map(({ id }) => id))],
      run: (input) => decodeHaveQuestion(input).length,
    },
    {
      name: 'have-answer',
      seeds: [encodeHaveAnswer([true, false, true])],
      run: (input) => decodeHaveAnswer(input, 3).length,
    },
  ];
}

function frameSeeds(): Buffer[] {
  const frames = PLAINS.map((plain) => frame(plain));
  return [Buffer.concat(frames), ...frames];
}

function frame(plain: Buffer): Buffer {
  const { codec, body } = encodeBody(plain);
  const target = Buffer.alloc(CHUNK_FRAME_BYTES + body.length);
  const id = chunkIdToBytes(sha256(plain));
  writeChunkFrame(target, 0, { id, codec, plainLength: plain.length }, body);
  return target;
}

function readFrames(input: Buffer): number {
  let bytes = 0;
  for (const { codec, body, plainLength } of readChunkFrames(input)) {
    bytes += decodeBody(codec, body, plainLength).length;
  }
  return bytes;
}

const FOLDER: EntryHead = { path: '', type: 'folder', mtimeNs: -1n, size: 0 };
const FILE: EntryHead = {
  ...{ path: 'ab/naïve 📱', type: 'file', mtimeNs: 1_717_243_200_123_456_789n },
  size: REFS.reduce((sum, { length }) => sum + length, 0),
};

async function entrySeeds(): Promise<Buffer[]> {
  const lists = [
    [{ ...FOLDER, refs: [] }],
    [
      { ...FOLDER, refs: [] },
      { ...FILE, refs: REFS },
    ],
    [{ ...FILE, chunks: REFS.length, batches: REFS.map((ref) => [ref]) }],
  ];
  return Promise.all(lists.map(async (list) => bytesOf(encodeEntries(list))));
}

function fileSeeds(): Buffer[] {
  const chunks = PLAINS.map((plain) => chunkRecord(plain));
  const [first = Buffer.of(), ...others] = chunks;
  const folder = encodeEntryRecord({ ...FOLDER, chunks: 0, refs: [] });
  const broken = new ArchiveError('CHUNK_DAMAGED', 'A chunk is damaged.');
  return [
    [folder, encodeEndRecord(1)],
    [
      folder,
      encodeEntryRecord({ ...FILE, chunks: REFS.length, refs: REFS.slice(0, 1) }),
      first,
      encodeMoreRecord(REFS.slice(1)),
      ...others,
      encodeEndRecord(2),
    ],
    [folder, encodeEntryRecord({ ...FILE, chunks: 3, refs: REFS }), ...chunks, encodeEndRecord(2)],
    [folder, encodeErrorRecord(broken)],
  ].map((records) => Buffer.concat(records));
}

function chunkRecord(plain: Buffer): Buffer {
  const { codec, body } = encodeBody(plain);
  const target = Buffer.alloc(CHUNK_RECORD_BYTES + body.length);
  const id = chunkIdToBytes(sha256(plain));
  writeChunkRecord(target, 0, { id, codec, plainLength: plain.length }, body);
  return target;
}

async function readFiles(input: Buffer): Promise<number> {
  let bytes = 0;
  try {
    for await (const record of readFileRecords(inPieces(input))) {
      if (record.record !== 'chunk') continue;
      bytes += decodeBody(record.codec, record.body, record.plainLength).length;
    }
  } catch (error) {
    // What an error record tells is read, not refused; an unknown code it tells is INTERNAL by its description.
    if (error instanceof ArchiveError && error.code === 'CHUNK_DAMAGED') return bytes;
    if (error instanceof ArchiveError && error.code === 'INTERNAL') return bytes;
    throw error;
  }
  return bytes;
}

async function bytesOf(pieces: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const all: Uint8Array[] = [];
  for await (const piece of pieces) all.push(piece);
  return Buffer.concat(all);
}

async function countRefs(records: AsyncIterable<EntryRecord>): Promise<number> {
  let refs = 0;
  for await (const record of records) refs += record.refs.length;
  return refs;
}

/** As a network delivers: in pieces of any size, which say nothing about the records. */
async function* inPieces(input: Buffer): AsyncGenerator<Uint8Array> {
  const size = 1 + (input.length % 977);
  for (let at = 0; at < input.length; at += size) {
    yield await Promise.resolve(input.subarray(at, at + size));
  }
}
