import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { decodeBody, readFileRecords } from '@rootcellar/chunking';
import type { FileRecord } from '@rootcellar/chunking';
import { ArchiveError, sha256 } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import { createMemoryObjectStore, faultyObjectStore } from '@rootcellar/object-store';
import fc from 'fast-check';
import { Crew } from '../crew.js';
import { openMemoryVault } from '../testing/open-memory-vault.js';
import type { MemoryVault } from '../testing/open-memory-vault.js';
import { collectPieces, noise, prose } from '../testing/sample-bytes.js';
import { sendChunks } from '../testing/send-chunks.js';
import { addFiles, anySampleFiles, sendFiles, sizeOf } from '../testing/write-root.js';
import type { SampleFile } from '../testing/write-root.js';
import { writeTree } from '../testing/write-tree.js';

const MIB = 1024 * 1024;
const crew = new Crew(2);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);

afterAll(async () => crew.close());

async function storeTree(opened: MemoryVault, files: readonly SampleFile[]): Promise<ChunkId> {
  using root = opened.vault.writeRoot(opened.holder);
  await addFiles(root, files);
  const { root: tree } = await root.finishTree();
  expect(root.missing.size).toBe(0);
  return tree;
}

/** What a restoring agent makes of a stream. */
async function receive(
  stream: AsyncIterable<Uint8Array>,
): Promise<{ files: SampleFile[]; entries: number | undefined }> {
  const files: (SampleFile & { chunks: Uint8Array[] })[] = [];
  let entries: number | undefined;
  for await (const record of readFileRecords(stream)) {
    if (record.record === 'end') entries = record.entries;
    else if (record.record === 'chunk') files.at(-1)?.chunks.push(plainOf(record));
    else if (record.record === 'entry') {
      const { path, type, mtimeNs } = record;
      files.push({ path, type, mtimeNs, chunks: [] });
    }
  }
  return { files, entries };
}

function plainOf(record: Extract<FileRecord, { record: 'chunk' }>): Uint8Array {
  const plain = decodeBody(record.codec, record.body, record.plainLength);
  expect(sha256(plain)).toBe(record.id);
  return Buffer.from(plain);
}

function asText(files: readonly SampleFile[]): string[] {
  return files.map((file) => {
    const digests = file.chunks.map((chunk) => sha256(chunk).slice(0, 16));
    return [file.path, file.type, file.mtimeNs, sizeOf(file), ...digests].join(' ');
  });
}

describe('a file stream', () => {
  it('brings every file and folder back, byte by byte', async () => {
    await fc.assert(
      fc.asyncProperty(anySampleFiles, async (files) => {
        const opened = openMemoryVault(crew);
        await sendFiles(opened, files);
        const { vault } = opened;
        const tree = await storeTree(opened, files);

        const got = await receive(vault.streamFiles(vault.trees.entries(tree)));

        expect(asText(got.files)).toEqual(asText(files));
        expect(got.entries).toBe(files.length);
      }),
      { numRuns: 30 },
    );
  });

  it('goes on behind any entry', async () => {
    await fc.assert(
      fc.asyncProperty(anySampleFiles, fc.nat(), async (files, at) => {
        fc.pre(files.length > 0);
        const opened = openMemoryVault(crew);
        await sendFiles(opened, files);
        const { vault } = opened;
        const tree = await storeTree(opened, files);
        const last = at % files.length;

        const rest = vault.streamFiles(vault.trees.entries(tree, files[last]?.path));

        const got = await receive(rest);
        expect(asText(got.files)).toEqual(asText(files.slice(last + 1)));
        expect(got.entries).toBe(files.length - last - 1);
      }),
      { numRuns: 15 },
    );
  });

  it('brings a file of more chunks than one record or one read can hold', async () => {
    const opened = openMemoryVault(crew);
    const few = [prose(3, 1), noise(40, 2), prose(100, 3)];
    const chunks = Array.from({ length: 10_000 }, (_, at) => few[at % 3] ?? Buffer.of());
    await sendChunks(opened.vault, few, opened.holder);
    const long: SampleFile = { path: 'long', type: 'file', mtimeNs: 5n, chunks };
    const tree = await storeTree(opened, [long]);

    const got = await receive(opened.vault.streamFiles(opened.vault.trees.entries(tree)));

    expect(asText(got.files)).toEqual(asText([long]));
  });

  it('brings more than is held at a time, in pieces that are', async () => {
    const opened = openMemoryVault(crew);
    const files = Array.from({ length: 6 }, (_, at): SampleFile => ({
      path: `file ${at}`,
      type: 'file',
      mtimeNs: BigInt(at),
      chunks: [noise(4 * MIB - at, at), prose(100_000, at)],
    }));
    for (const file of files) await sendFiles(opened, [file]);
    const tree = await storeTree(opened, files);
    let largest = 0;
    const measured = async function* (): AsyncGenerator<Uint8Array> {
      for await (const piece of opened.vault.streamFiles(opened.vault.trees.entries(tree))) {
        largest = Math.max(largest, piece.length);
        yield piece;
      }
    };

    const got = await receive(measured());

    expect(asText(got.files)).toEqual(asText(files));
    expect(largest).toBeLessThan(9 * MIB);
  });

  it('is nothing but its end for no entries', async () => {
    const opened = openMemoryVault(crew);
    const { vault } = opened;
    const { root } = await writeTree(opened, []);

    const stream = await collectPieces(vault.streamFiles(vault.trees.entries(root)));

    expect(Buffer.concat(stream).toString('hex')).toBe(`09${'00'.repeat(8)}`);
  });
});

describe('a file stream that cannot go on', () => {
  const files = Array.from({ length: 5 }, (_, at): SampleFile => ({
    path: `file ${at}`,
    type: 'file',
    mtimeNs: 0n,
    chunks: [noise(4 * MIB, at)],
  }));

  /** A vault whose store has no such pack any more. */
  async function withoutPack(at: number): Promise<{ opened: MemoryVault; tree: ChunkId }> {
    const opened = openMemoryVault(crew);
    for (const file of files) await sendFiles(opened, [file]);
    const tree = await storeTree(opened, files);
    const gone = opened.index.packs[at]?.id;
    if (gone !== undefined) await opened.vault.removePack(gone);
    return { opened, tree };
  }

  it('says why, and has no end', async () => {
    const { opened, tree } = await withoutPack(4);
    const records: string[] = [];

    const received = (async (): Promise<void> => {
      const stream = opened.vault.streamFiles(opened.vault.trees.entries(tree));
      for await (const { record } of readFileRecords(stream)) records.push(record);
    })();

    await expect(received).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
    expect(records).not.toContain('end');
  });

  it('may be left at any time, though what is read ahead fails', async () => {
    let down = false;
    const failing = faultyObjectStore(
      createMemoryObjectStore(),
      ({ operation }) =>
        down && operation === 'read'
          ? { before: new ArchiveError('OBJECT_STORE_UNAVAILABLE', 'down') }
          : undefined,
      async () => Promise.resolve(),
    );
    const opened = openMemoryVault(crew, failing);
    for (const file of files) await sendFiles(opened, [file]);
    const tree = await storeTree(opened, files);
    const stream = opened.vault.streamFiles(opened.vault.trees.entries(tree));

    const first = await stream.next();
    down = true;
    await stream.return(undefined);

    expect(first.done).toBe(false);
    expect((await stream.next()).done).toBe(true);
  });
});
