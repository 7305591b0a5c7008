import { afterAll, describe, expect, it, jest } from '@jest/globals';
import type { ChunkRef } from '@rootcellar/chunking';
import type { ChunkId } from '@rootcellar/model';
import fc from 'fast-check';
import { Crew } from '../crew.js';
import { CHUNK_KIND } from '../sealed-chunk.js';
import { openMemoryVault } from '../testing/open-memory-vault.js';
import type { MemoryVault } from '../testing/open-memory-vault.js';
import { collect } from '../testing/sample-bytes.js';
import { anyRef } from '../testing/sample-entries.js';
import { idOf } from '../testing/sample-packs.js';
import { openSink, writeTree } from '../testing/write-tree.js';
import { decodeCbor, encodeCbor } from './cbor.js';
import { RecipeWriter, recipeFromCbor, recipeToCbor } from './recipe.js';
import type { Recipe } from './recipe.js';

const crew = new Crew(1);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);

afterAll(async () => crew.close());

async function write(opened: MemoryVault, refs: Iterable<ChunkRef>): Promise<Recipe> {
  const { sink } = openSink(opened);
  const writer = new RecipeWriter(sink);
  for (const ref of refs) await writer.add(ref);
  const recipe = await writer.finish();
  await sink.flush();
  return recipe;
}

function* manyRefs(count: number): Generator<ChunkRef> {
  const ids = Array.from({ length: 1000 }, (_, at) => idOf(`chunk ${at}`));
  for (let at = 0; at < count; at += 1) {
    yield { id: ids[(at * 7) % 1000] ?? idOf('chunk'), length: (at % 1000) + 1 };
  }
}

/** Compared as text: `toEqual` takes a second for a hundred thousand. */
function asText(refs: readonly ChunkRef[]): string {
  return refs.map(({ id, length }) => `${id} ${length}`).join();
}

async function verifyRoundTrip(refs: readonly ChunkRef[]): Promise<Recipe> {
  const opened = openMemoryVault(crew);
  const recipe = recipeFromCbor(decodeCbor(encodeCbor(recipeToCbor(await write(opened, refs)))));
  const got = (await collect(opened.vault.trees.refs(recipe))).flat();
  expect(got.length).toBe(refs.length);
  expect(asText(got) === asText(refs)).toBe(true);
  expect(await opened.vault.trees.countRefs(recipe)).toBe(refs.length);
  return recipe;
}

describe('a recipe', () => {
  it('gives back its chunks, in order, and their number', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyRef, { maxLength: 20 }), async (refs) => {
        await verifyRoundTrip(refs);
      }),
    );
  });

  it.each([
    [0, 0, 0],
    [1, 0, 1],
    [8, 0, 8],
    [9, 1, 1],
    [256, 1, 1],
    [257, 1, 2],
    [65_536, 1, 256],
    [65_537, 2, 2],
    [131_073, 2, 3],
  ])('of %d chunks has lists on %d levels, and %d refs of its own', async (count, depth, own) => {
    const recipe = await verifyRoundTrip([...manyRefs(count)]);

    expect([recipe.depth, recipe.refs.length]).toEqual([depth, own]);
  });

  it('says of each list how many bytes it stands for', async () => {
    const refs = [...manyRefs(1000)];
    const bytes = refs.reduce((sum, { length }) => sum + length, 0);

    const recipe = await write(openMemoryVault(crew), refs);

    expect(recipe.refs.reduce((sum, { length }) => sum + length, 0)).toBe(bytes);
  });

  it('shares its lists with a file that only grew', async () => {
    const opened = openMemoryVault(crew);
    const short = await write(opened, manyRefs(1000));
    const long = await write(opened, manyRefs(1200));

    expect(long.refs.slice(0, 3)).toEqual(short.refs.slice(0, 3));
  });

  it('counts its lists among the metadata of its tree', async () => {
    const opened = openMemoryVault(crew);
    const recipe = await write(opened, manyRefs(65_537));
    const file = { path: 'long', type: 'file' as const, mtimeNs: 0n, size: 1, recipe };
    const { root } = await writeTree(opened, [file]);

    const ids = await collect(opened.vault.trees.metadataIds(root));

    // The leaf; two lists of lists; 256 lists and one more. All but the last few repeat after 1000 refs.
    expect(ids).toHaveLength(1 + 2 + 257);
    const places = await opened.index.locate(ids);
    expect(places.map((place) => place?.kind)).toEqual([
      CHUNK_KIND.tree,
      ...ids.slice(1).map(() => CHUNK_KIND.list),
    ]);
  });
});

describe('a damaged list', () => {
  async function refsOf(list: unknown, length: number): Promise<unknown> {
    const opened = openMemoryVault(crew);
    const { sink } = openSink(opened);
    const id: ChunkId = await sink.put(CHUNK_KIND.list, encodeCbor(list));
    await sink.flush();
    return collect(opened.vault.trees.refs({ normaliser: 0, depth: 1, refs: [{ id, length }] }));
  }
  const id = Buffer.alloc(32);

  it('is none when it adds up', async () => {
    expect(
      await refsOf(
        [
          [id, 5],
          [id, 6],
        ],
        11,
      ),
    ).toHaveLength(1);
  });

  it.each([
    [
      'it does not add up',
      [
        [id, 5],
        [id, 7],
      ],
    ],
    ['it is no list', { refs: [] }],
    ['it is too long', Array.from({ length: 257 }, () => [id, 0])],
    ['an id is no id', [['id', 11]]],
    [
      'a length is below nothing',
      [
        [id, 12],
        [id, -1],
      ],
    ],
  ])('is told when %s', async (_, list) => {
    await expect(refsOf(list, 11)).rejects.toMatchObject({ code: 'TREE_DAMAGED' });
  });
});
