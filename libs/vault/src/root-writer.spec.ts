import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { sha256 } from '@rootcellar/model';
import fc from 'fast-check';
import { ChunkSet } from './chunk-set.js';
import { Crew } from './crew.js';
import { sameNeeds } from './needed-chunks.js';
import { PACK_TYPE } from './pack-format.js';
import type { WrittenRoot } from './root-writer.js';
import { CHUNK_KIND } from './sealed-chunk.js';
import { openMemoryVault } from './testing/open-memory-vault.js';
import type { MemoryVault } from './testing/open-memory-vault.js';
import { collect, noise, prose } from './testing/sample-bytes.js';
import { refOf, sendChunks } from './testing/send-chunks.js';
import { addFiles, anySampleFiles, sendFiles, sizeOf } from './testing/write-root.js';
import type { SampleFile } from './testing/write-root.js';
import type { WrittenTree } from './tree/tree-writer.js';

const crew = new Crew(1);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);

afterAll(async () => crew.close());

async function writeRoot(
  { vault, holder }: MemoryVault,
  files: readonly SampleFile[],
  manifest: Readonly<Record<string, unknown>> = { v: 1 },
): Promise<{ tree: WrittenTree; written: WrittenRoot }> {
  using root = vault.writeRoot(holder);
  await addFiles(root, files);
  const tree = await root.finishTree();
  return { tree, written: await root.finish(manifest) };
}

function fileOf(path: string, ...chunks: Uint8Array[]): SampleFile {
  return { path, type: 'file', mtimeNs: 1n, chunks };
}

describe('RootWriter', () => {
  it('counts what the root needs: data, lists, nodes, manifest, each once', async () => {
    await fc.assert(
      fc.asyncProperty(anySampleFiles, async (files) => {
        const opened = openMemoryVault(crew);
        const { vault, index } = opened;
        await sendFiles(opened, files);

        const { tree, written } = await writeRoot(opened, files);

        const metadata = await collect(vault.trees.metadataIds(tree.root));
        const data = files.flatMap(({ chunks }) => chunks.map((chunk) => sha256(chunk)));
        const all = [...new Set([...metadata, ...data, written.manifest])];
        const places = await index.locate(all);
        using expected = new ChunkSet();
        expected.add(places.map((place) => place?.ordinal ?? -1));
        using counted = ChunkSet.deserialize(written.chunkSet);
        expect(counted.equals(expected)).toBe(true);
        expect(written.chunks).toBe(all.length);
        expect(new Set(written.packs.keys())).toEqual(new Set(places.map((p) => p?.packId)));
        expect(tree.entries).toBe(files.length);
        expect(tree.bytes).toBe(files.reduce((sum, file) => sum + sizeOf(file), 0));
      }),
      { numRuns: 15 },
    );
  });

  it('needs what counting its tree anew finds', async () => {
    await fc.assert(
      fc.asyncProperty(anySampleFiles, async (files) => {
        const opened = openMemoryVault(crew);
        await sendFiles(opened, files);
        const { tree, written } = await writeRoot(opened, files);

        const counted = await opened.vault.countRoot({
          tree: tree.root,
          manifest: written.manifest,
        });

        const record = { chunkSet: written.chunkSet, packs: new Set(written.packs.keys()) };
        expect(sameNeeds(counted, record)).toBe(true);
        expect(counted.chunks).toBe(written.chunks);
        expect(counted.packs).toEqual(written.packs);
      }),
      { numRuns: 10 },
    );
  });

  it('keeps data and metadata apart', async () => {
    const opened = openMemoryVault(crew);
    const files = [fileOf('a', prose(100, 1)), fileOf('b', noise(100, 2))];
    await sendFiles(opened, files);

    const { tree, written } = await writeRoot(opened, files);

    const types = new Map(opened.index.packs.map(({ id, type }) => [id, type]));
    const [node, manifest, data] = await opened.index.locate([
      tree.root,
      written.manifest,
      sha256(prose(100, 1)),
    ]);
    expect([node?.kind, manifest?.kind, data?.kind]).toEqual([
      CHUNK_KIND.tree,
      CHUNK_KIND.root,
      CHUNK_KIND.data,
    ]);
    for (const [place, type] of [
      [node, PACK_TYPE.metadata],
      [manifest, PACK_TYPE.metadata],
      [data, PACK_TYPE.data],
    ] as const) {
      expect(place && types.get(place.packId)).toBe(type);
    }
  });

  it('writes only its manifest when the same files are there already', async () => {
    const opened = openMemoryVault(crew);
    const files = Array.from({ length: 300 }, (_, at) =>
      fileOf(at.toString().padStart(3, '0'), prose(10, at)),
    );
    await sendFiles(opened, files);
    const first = await writeRoot(opened, files, { id: 1 });
    const packs = opened.index.packs.length;

    const second = await writeRoot(opened, files, { id: 2 });

    expect(second.tree).toEqual(first.tree);
    expect(second.written.manifest).not.toBe(first.written.manifest);
    expect(second.written.chunks).toBe(first.written.chunks);
    expect(second.written.metadataBytes).toBe(5 + 28);
    expect(opened.index.packs.length).toBe(packs + 1);
    // Nothing of it is lost when the first is forgotten: the later upload holds every pack.
    expect(new Set(opened.index.pinnedBy(opened.holder))).toEqual(
      new Set(opened.index.packs.map(({ id }) => id)),
    );
  });

  it('names the chunks that are missing, and is not finished without them', async () => {
    const opened = openMemoryVault(crew);
    const [here, missing, gone] = [prose(100, 1), noise(100, 2), noise(100, 3)];
    await sendChunks(opened.vault, [here], opened.holder);
    using root = opened.vault.writeRoot(opened.holder);
    await addFiles(root, [fileOf('a', here, missing), fileOf('b', gone, missing)]);

    await root.finishTree();

    expect(new Set(root.missing)).toEqual(new Set([sha256(missing), sha256(gone)]));
    await expect(root.finish({ v: 1 })).rejects.toMatchObject({
      code: 'CHUNK_UNKNOWN',
      details: { missing: 2 },
    });
  });

  it('has nothing missing once what was named is sent', async () => {
    const opened = openMemoryVault(crew);
    const files = [fileOf('a', prose(100, 1), noise(100, 2))];
    using refused = opened.vault.writeRoot(opened.holder);
    await addFiles(refused, files);
    await refused.finishTree();
    expect(refused.missing.size).toBe(2);

    await sendFiles(opened, files);

    expect((await writeRoot(opened, files)).written.chunks).toBe(2 + 1 + 1);
  });

  it('refuses a chunk of another length than it has', async () => {
    const opened = openMemoryVault(crew);
    const chunk = prose(100, 1);
    await sendChunks(opened.vault, [chunk], opened.holder);
    using root = opened.vault.writeRoot(opened.holder);
    await root.add({ path: 'a', type: 'file', mtimeNs: 0n, size: 99 }, [
      [{ ...refOf(chunk), length: 99 }],
    ]);

    await expect(root.finishTree()).rejects.toMatchObject({ code: 'UPLOAD_ENTRIES_INVALID' });
  });

  it('refuses entries that do not ascend', async () => {
    const { vault, holder } = openMemoryVault(crew);
    using root = vault.writeRoot(holder);
    await addFiles(root, [fileOf('b')]);

    await expect(addFiles(root, [fileOf('a')])).rejects.toMatchObject({
      code: 'UPLOAD_ENTRIES_INVALID',
    });
  });
});

describe('HouseholdVault.countRoot', () => {
  it('tells when a chunk is gone that the root needs', async () => {
    const opened = openMemoryVault(crew);
    const files = [fileOf('a', prose(100, 1))];
    await sendFiles(opened, files);
    const { tree, written } = await writeRoot(opened, files);
    const [data] = opened.index.packs;
    if (data !== undefined) opened.index.remove(data.id);

    await expect(
      opened.vault.countRoot({ tree: tree.root, manifest: written.manifest }),
    ).rejects.toMatchObject({ code: 'CHUNK_UNKNOWN' });
  });

  it('says where chunks lie after they were sent again, under which numbers', async () => {
    const opened = openMemoryVault(crew);
    const files = [fileOf('a', prose(100, 1))];
    await sendFiles(opened, files);
    const { tree, written } = await writeRoot(opened, files);
    const [data] = opened.index.packs;
    if (data !== undefined) opened.index.condemn(data.id);
    await sendFiles(opened, files);

    const counted = await opened.vault.countRoot({ tree: tree.root, manifest: written.manifest });

    expect(counted.chunks).toBe(written.chunks);
    expect(Buffer.compare(counted.chunkSet, written.chunkSet)).not.toBe(0);
    expect([...counted.packs.keys()]).not.toContain(data?.id);
    expect(sameNeeds(counted, { ...written, packs: new Set(written.packs.keys()) })).toBe(false);
  });
});
