import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { anyEntries, idOf } from '../testing/arbitrary-entries.js';
import { collect, split, streamOf } from '../testing/sample-bytes.js';
import { encodeEntries } from './encode-entries.js';
import type { ChunkRef, EntryRecord, FileEntry, LongFileEntry } from './entry.js';
import { readEntryRecords } from './read-entry-records.js';
import { encodeEndRecord, encodeEntryRecord, encodeMoreRecord } from './write-entry.js';

const FOLDER = { type: 'folder', mtimeNs: 0n, size: 0, chunks: 0, refs: [] } as const;
const REF: ChunkRef = { id: idOf('a chunk'), length: 10 };
const FILE = { path: 'f', type: 'file', mtimeNs: 0n, size: 10, chunks: 1, refs: [REF] } as const;

async function encode(entries: Iterable<FileEntry | LongFileEntry>): Promise<Buffer> {
  return Buffer.concat(await collect(encodeEntries(entries)));
}

async function read(...pieces: Uint8Array[]): Promise<EntryRecord[]> {
  return collect(readEntryRecords(streamOf(pieces)));
}

/** Puts records back together. */
function join(records: readonly EntryRecord[]): FileEntry[] {
  const entries: (FileEntry & { refs: ChunkRef[] })[] = [];
  for (const record of records) {
    if (record.record === 'more') entries.at(-1)?.refs.push(...record.refs);
    else {
      const { path, type, mtimeNs, size, refs } = record;
      entries.push({ path, type, mtimeNs, size, refs: [...refs] });
    }
  }
  return entries;
}

function refs(count: number): ChunkRef[] {
  return Array.from({ length: count }, (_, at) => ({ id: idOf(at % 50), length: 1 + (at % 7) }));
}

function longFile(path: string, batches: readonly (readonly ChunkRef[])[]): LongFileEntry {
  const all = batches.flat();
  const size = all.reduce((sum, { length }) => sum + length, 0);
  return { path, type: 'file', mtimeNs: -1n, size, chunks: all.length, batches };
}

describe('a list of files', () => {
  it('is read as it was written, wherever the stream is split', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, fc.array(fc.nat(200)), async (entries, pieces) => {
        const bytes = await encode(entries);

        const records = await read(...split(bytes, pieces));

        expect(join(records)).toEqual(entries);
      }),
      { numRuns: 300 },
    );
  });

  it('is read a byte at a time', async () => {
    const bytes = await encode([{ ...FOLDER, path: 'd' }, FILE]);

    const records = await read(...split(bytes, Array<number>(bytes.length).fill(1)));

    expect(join(records).map(({ path }) => path)).toEqual(['d', 'f']);
  });

  it('has the bytes of docs/protocol.md', async () => {
    const bytes = await encode([{ ...FILE, mtimeNs: -2n }]);

    expect(bytes.toString('hex')).toBe(
      [
        '01' + '00' + '0100' + '66' + 'feffffffffffffff' + '0a00000000000000' + '01000000' + '0100',
        idOf('a chunk') + '0a000000',
        '09' + '0100000000000000',
      ].join(''),
    );
  });

  it('goes out in buffers of at most 64 KiB', async () => {
    const many = refs(20_000);
    const entries = [longFile('a', [many]), ...manyFolders(5000)];

    const buffers = await collect(encodeEntries(entries));

    expect(Math.max(...buffers.map(({ length }) => length))).toBeLessThanOrEqual(65536);
    const records = await read(...buffers);
    expect(records.filter(({ record }) => record === 'more')).toHaveLength(4);
    expect(join(records)[0]?.refs).toEqual(many);
    expect(join(records)).toHaveLength(5001);
  });

  it('takes the chunks of a long file in batches of any size', async () => {
    const batches = [[], refs(5), refs(4097), [], refs(1)];

    const [entry] = join(await read(await encode([longFile('a', batches)])));

    expect(entry?.refs).toEqual(batches.flat());
  });

  it('takes a long file without chunks', async () => {
    expect(join(await read(await encode([longFile('a', [])])))).toHaveLength(1);
  });

  it('cannot be written when a file gives another number of chunks than it announced', async () => {
    const file = { ...longFile('a', [refs(2)]), chunks: 3 };

    await expect(encode([file])).rejects.toThrow(RangeError);
  });

  it('cannot be written with a path of more than 4096 bytes', async () => {
    await expect(encode([{ ...FOLDER, path: 'x'.repeat(4097) }])).rejects.toThrow(RangeError);
  });

  it('keeps the longest path and the largest size', async () => {
    const size = 4194304 * 4096;
    const entry = {
      ...FILE,
      path: 'ü'.repeat(2048),
      size,
      chunks: 4096,
      refs: Array<ChunkRef>(4096).fill({ ...REF, length: 4194304 }),
    };

    const [read_] = await read(await encode([entry]));

    expect(read_).toMatchObject({ path: entry.path, size });
  });
});

describe('readEntryRecords', () => {
  const end = encodeEndRecord(1);
  const entry = encodeEntryRecord(FILE);

  it.each<[string, Uint8Array[]]>([
    ['is empty', []],
    ['has no end', [entry]],
    ['breaks off in a record', [entry.subarray(0, -1)]],
    ['goes on behind its end', [entry, end, Buffer.alloc(1)]],
    ['holds an unknown record', [Buffer.from([7])]],
    ['holds a chunk, which belongs in file streams', [Buffer.from([3])]],
    ['holds something neither file nor folder', [Buffer.from(entry).fill(2, 1, 2), end]],
    ['holds a path that is no UTF-8', [Buffer.from(entry).fill(0xff, 4, 5), end]],
    ['holds a path of more than 4096 bytes', [Buffer.from('010001100000', 'hex')]],
    ['holds a size no file has', [Buffer.from(entry).fill(0xff, 13, 21), end]],
    ['holds more than 4096 chunks in a record', [Buffer.from(entry).fill(0xff, 25, 27), end]],
    [
      'gives no chunks where it should',
      [
        encodeEntryRecord({ ...FILE, refs: [] }),
        encodeMoreRecord([]),
        encodeMoreRecord([REF]),
        end,
      ],
    ],
  ])('refuses a stream that %s', async (_, pieces) => {
    await expect(read(...pieces)).rejects.toMatchObject({ code: 'PROTOCOL_BROKEN' });
  });

  it.each<[string, Uint8Array[]]>([
    ['do not ascend', [encodeEntryRecord({ ...FOLDER, path: 'g' }), entry, encodeEndRecord(2)]],
    ['come twice', [entry, entry, encodeEndRecord(2)]],
    [
      'sort by whole path instead of by part',
      [
        encodeEntryRecord({ ...FOLDER, path: 'a b' }),
        encodeEntryRecord({ ...FOLDER, path: 'a/b' }),
        encodeEndRecord(2),
      ],
    ],
    ['lead out', [encodeEntryRecord({ ...FOLDER, path: '../x' }), end]],
    ['are absolute', [encodeEntryRecord({ ...FOLDER, path: '/x' }), end]],
    ['hold NUL', [encodeEntryRecord({ ...FOLDER, path: 'a\0' }), end]],
    ['lie below a file', [entry, encodeEntryRecord({ ...FILE, path: 'f/g' }), encodeEndRecord(2)]],
    [
      'lie below a file without a name',
      [encodeEntryRecord({ ...FILE, path: '' }), entry, encodeEndRecord(2)],
    ],
  ])('refuses paths that %s', async (_, pieces) => {
    await expect(read(...pieces)).rejects.toMatchObject({ code: 'UPLOAD_ENTRIES_INVALID' });
  });

  it.each<[string, Parameters<typeof encodeEntryRecord>[0]]>([
    ['a folder with bytes', { ...FOLDER, path: 'f', size: 10 }],
    ['a folder with chunks', { ...FOLDER, path: 'f', chunks: 1, refs: [REF] }],
    ['an empty file with chunks', { ...FILE, size: 0 }],
    ['a file without chunks', { ...FILE, chunks: 0, refs: [] }],
    ['a file smaller than its chunks', { ...FILE, size: 9 }],
    ['a file larger than its chunks', { ...FILE, size: 11 }],
    ['a file larger than any chunks', { ...FILE, size: 4194305 }],
    ['an empty chunk', { ...FILE, chunks: 2, refs: [REF, { ...REF, length: 0 }] }],
    [
      'a chunk above 4 MiB',
      { ...FILE, size: 4194305, chunks: 2, refs: [{ ...REF, length: 4194305 }] },
    ],
    ['fewer chunks than announced', { ...FILE, size: 20, chunks: 2 }],
    ['more chunks than announced', { ...FILE, size: 20, chunks: 1, refs: [REF, REF] }],
    ['no room left for chunks to come', { ...FILE, chunks: 2 }],
  ])('refuses %s', async (_, file) => {
    await expect(read(encodeEntryRecord(file), end)).rejects.toMatchObject({
      code: 'UPLOAD_ENTRIES_INVALID',
    });
  });

  it.each<[string, Uint8Array[]]>([
    ['chunks before any file', [encodeMoreRecord([REF])]],
    ['chunks behind the last of a file', [entry, encodeMoreRecord([REF])]],
    ['a wrong number of entries', [entry, encodeEndRecord(2)]],
    [
      'a file begun before the last has its chunks',
      [
        encodeEntryRecord({ ...FILE, size: 20, chunks: 2 }),
        encodeEntryRecord({ ...FILE, path: 'g' }),
        encodeEndRecord(2),
      ],
    ],
  ])('refuses %s', async (_, pieces) => {
    await expect(read(...pieces)).rejects.toMatchObject({ code: 'UPLOAD_ENTRIES_INVALID' });
  });

  it('says which entry it stumbled over, and never its path', async () => {
    const error: unknown = await read(entry, entry).catch((thrown: unknown) => thrown);

    expect(error).toMatchObject({ details: { entry: 2 } });
  });

  it('lets go of its source when it stops early', async () => {
    let released = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) yield await Promise.resolve(Buffer.from([7]));
      } finally {
        released = true;
      }
    }

    await expect(collect(readEntryRecords(source()))).rejects.toMatchObject({
      code: 'PROTOCOL_BROKEN',
    });

    expect(released).toBe(true);
  });
});

function manyFolders(count: number): FileEntry[] {
  return Array.from({ length: count }, (_, at) => ({
    ...FOLDER,
    path: `b${at.toString().padStart(6, '0')}`,
  }));
}
