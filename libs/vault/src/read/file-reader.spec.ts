import { afterAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { Crew } from '../crew.js';
import { packKey } from '../object-keys.js';
import { openMemoryVault } from '../testing/open-memory-vault.js';
import type { MemoryVault } from '../testing/open-memory-vault.js';
import { collectPieces, noise, prose } from '../testing/sample-bytes.js';
import { idOf } from '../testing/sample-packs.js';
import { refOf, sendChunks } from '../testing/send-chunks.js';
import { anySampleChunk } from '../testing/write-root.js';
import { openSink } from '../testing/write-tree.js';
import { RecipeWriter } from '../tree/recipe.js';
import type { Recipe } from '../tree/recipe.js';

const MIB = 1024 * 1024;
const crew = new Crew(2);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);

afterAll(async () => crew.close());

async function recipeOf(opened: MemoryVault, chunks: readonly Uint8Array[]): Promise<Recipe> {
  const { sink } = openSink(opened);
  const writer = new RecipeWriter(sink);
  for (const chunk of chunks) await writer.add(refOf(chunk));
  const recipe = await writer.finish();
  await sink.flush();
  return recipe;
}

/** Stores a file that is cut like this. */
async function storeFile(opened: MemoryVault, chunks: readonly Uint8Array[]): Promise<Recipe> {
  if (chunks.length > 0) await sendChunks(opened.vault, chunks, opened.holder);
  return recipeOf(opened, chunks);
}

async function readAll({ vault }: MemoryVault, recipe: Recipe): Promise<Buffer> {
  return Buffer.concat(await collectPieces(vault.files.stream(recipe)));
}

describe('FileReader', () => {
  it('gives any range of a file as slicing the file would', async () => {
    const anyCut = fc.record({ offset: fc.nat(200_000), length: fc.nat(200_000) });
    await fc.assert(
      fc.asyncProperty(
        fc.array(anySampleChunk, { maxLength: 30 }),
        fc.array(anyCut, { minLength: 1, maxLength: 8 }),
        async (chunks, cuts) => {
          const opened = openMemoryVault(crew);
          const file = Buffer.concat(chunks);
          const recipe = await storeFile(opened, chunks);

          for (const cut of cuts) {
            const offset = cut.offset % (file.length + 1);
            const length = cut.length % (file.length - offset + 1);
            const got = await opened.vault.files.range(recipe, offset, length);
            expect(Buffer.compare(got, file.subarray(offset, offset + length))).toBe(0);
          }
        },
      ),
      { numRuns: 40 },
    );
  });

  it('streams a file as it was cut together', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anySampleChunk, { maxLength: 40 }), async (chunks) => {
        const opened = openMemoryVault(crew);

        const recipe = await storeFile(opened, chunks);

        expect(Buffer.compare(await readAll(opened, recipe), Buffer.concat(chunks))).toBe(0);
      }),
      { numRuns: 30 },
    );
  });

  it('streams what is larger than it holds at a time, in order', async () => {
    const opened = openMemoryVault(crew);
    const chunks = [4 * MIB, 1, 3 * MIB, 4 * MIB, 4 * MIB, 100].map((length, at) =>
      noise(length, at),
    );
    for (const chunk of chunks) await sendChunks(opened.vault, [chunk], opened.holder);
    const recipe = await recipeOf(opened, chunks);

    const pieces = await collectPieces(opened.vault.files.stream(recipe));

    expect(Buffer.compare(Buffer.concat(pieces), Buffer.concat(chunks))).toBe(0);
    expect(Math.max(...pieces.map((piece) => piece.length))).toBeLessThanOrEqual(8 * MIB);
  });

  it('reads a file of tens of thousands of chunks, most of them the same', async () => {
    const opened = openMemoryVault(crew);
    const few = [prose(3, 1), prose(2, 2), prose(1, 3)];
    const chunks = Array.from({ length: 70_000 }, (_, at) => few[at % 3] ?? Buffer.of());
    await sendChunks(opened.vault, few, opened.holder);
    const recipe = await recipeOf(opened, chunks);
    const file = Buffer.concat(chunks);

    expect(recipe.depth).toBe(2);
    expect(Buffer.compare(await readAll(opened, recipe), file)).toBe(0);
    const range = await opened.vault.files.range(recipe, 131_070, 10);
    expect(Buffer.compare(range, file.subarray(131_070, 131_080))).toBe(0);
  });

  it('gives nothing of an empty file', async () => {
    const opened = openMemoryVault(crew);
    const recipe = await storeFile(opened, []);

    expect(await readAll(opened, recipe)).toHaveLength(0);
    expect(await opened.vault.files.range(recipe, 0, 0)).toHaveLength(0);
  });

  it.each([
    [0, 301],
    [300, 1],
    [1000, 1],
  ])('refuses what lies behind the end: %d, %d bytes', async (offset, length) => {
    const opened = openMemoryVault(crew);
    const recipe = await storeFile(opened, [prose(100), noise(200)]);

    await expect(opened.vault.files.range(recipe, offset, length)).rejects.toMatchObject({
      code: 'OBJECT_RANGE_INVALID',
    });
  });

  it('reads a file whole only when it is as small as the caller allows', async () => {
    const opened = openMemoryVault(crew);
    const recipe = await storeFile(opened, [prose(100), noise(200)]);

    expect(await opened.vault.files.whole({ recipe, size: 300 }, 300)).toHaveLength(300);
    await expect(opened.vault.files.whole({ recipe, size: 300 }, 299)).rejects.toMatchObject({
      code: 'TOO_LARGE',
    });
  });
});

describe('a file that is damaged', () => {
  const chunks = [prose(1000, 1), noise(1000, 2), noise(1000, 3)];

  /** Changes one byte of the one pack there is. */
  async function damage({ parts, index }: MemoryVault, at: number): Promise<void> {
    const [pack] = index.packs;
    if (pack === undefined) throw new Error('there is no pack');
    const bytes = await parts.objects.read(packKey(pack.id), { offset: 0, length: pack.size });
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await parts.objects.put(packKey(pack.id), [bytes]);
  }

  it('is never given back wrong, whichever byte is hit', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(2000), async (at) => {
        const opened = openMemoryVault(crew);
        const recipe = await storeFile(opened, chunks);
        // All of the chunks: the first is compressed.
        await damage(opened, 8 + at);

        await expect(readAll(opened, recipe)).rejects.toMatchObject({ code: 'CHUNK_DAMAGED' });
        await expect(opened.vault.files.range(recipe, 0, 3000)).rejects.toMatchObject({
          code: 'CHUNK_DAMAGED',
        });
      }),
      { numRuns: 40 },
    );
  });

  it('is still read where it is sound', async () => {
    const opened = openMemoryVault(crew);
    const recipe = await storeFile(opened, chunks);
    await damage(opened, 20);

    const sound = await opened.vault.files.range(recipe, 1000, 2000);

    expect(Buffer.compare(sound, Buffer.concat(chunks.slice(1)))).toBe(0);
  });

  it('is told of when a chunk or a pack is gone', async () => {
    const opened = openMemoryVault(crew);
    const recipe = await storeFile(opened, chunks);
    const missing = { ...recipe, refs: [...recipe.refs, { id: idOf('missing'), length: 1 }] };

    await expect(readAll(opened, missing)).rejects.toMatchObject({ code: 'CHUNK_DAMAGED' });
    for (const pack of opened.index.packs) await opened.vault.removePack(pack.id);
    await expect(readAll(opened, recipe)).rejects.toMatchObject({ code: 'OBJECT_NOT_FOUND' });
  });
});
