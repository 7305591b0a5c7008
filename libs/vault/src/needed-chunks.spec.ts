import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { INDEX_BATCH } from './chunk-index.js';
import { ChunkSet } from './chunk-set.js';
import { NeededChunks, sameNeeds } from './needed-chunks.js';
import type { ChunkNeeds } from './needed-chunks.js';
import { MemoryChunkIndex } from './testing/memory-chunk-index.js';
import { idOf, storePack } from './testing/sample-packs.js';

const NAMES = Array.from({ length: 30 }, (_, at) => `chunk ${at}`);

async function indexOf(...packs: readonly (readonly string[])[]): Promise<MemoryChunkIndex> {
  const index = new MemoryChunkIndex();
  const holder = index.openUpload();
  for (const names of packs) await storePack(index, names, holder);
  return index;
}

async function needsOf(index: MemoryChunkIndex, names: readonly string[]): Promise<ChunkNeeds> {
  using needed = new NeededChunks(index);
  for (const name of names) await needed.add({ id: idOf(name) });
  await needed.flush();
  return needed.result();
}

describe('NeededChunks', () => {
  it('counts each chunk once, and every pack that holds one of them', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...NAMES)), async (names) => {
        const index = await indexOf(NAMES.slice(0, 10), NAMES.slice(10, 20), NAMES.slice(20));

        const { chunkSet, chunks, packs } = await needsOf(index, names);

        const places = await index.locate([...new Set(names)].map(idOf));
        using expected = new ChunkSet();
        expected.add(places.map((place) => place?.ordinal ?? -1));
        using counted = ChunkSet.deserialize(chunkSet);
        expect(counted.equals(expected)).toBe(true);
        expect(chunks).toBe(new Set(names).size);
        expect(packs).toEqual(new Map(places.map((place) => [place?.packId, place?.packEpoch])));
      }),
    );
  });

  it('goes on beyond what the index takes at once', async () => {
    const names = Array.from({ length: INDEX_BATCH + 10 }, (_, at) => `many ${at}`);
    const index = await indexOf(names);

    expect(await needsOf(index, names)).toMatchObject({ chunks: names.length });
  });

  it('takes what a sender names and has not proven for missing, whatever length it says', async () => {
    const index = await indexOf(['own', 'foreign', 'tree']);
    const holder = index.openUpload();
    const [own] = await index.locate([idOf('own')]);
    const proven = { has: (ordinal: number) => ordinal === own?.ordinal };
    using needed = new NeededChunks(index, holder, proven);
    await needed.add({ id: idOf('own'), length: own?.plainLength ?? 0 });
    await needed.add({ id: idOf('foreign'), length: 12_345 });
    // The service's own.
    await needed.add({ id: idOf('tree') });

    await needed.flush();

    expect([...needed.missing]).toEqual([idOf('foreign')]);
  });

  it('names what is missing, each once, and gives no result then', async () => {
    const index = await indexOf(['a']);
    using needed = new NeededChunks(index);
    for (const name of ['a', 'x', 'y', 'x']) await needed.add({ id: idOf(name) });

    await needed.flush();

    expect([...needed.missing]).toEqual([idOf('x'), idOf('y')]);
    expect(() => needed.result()).toThrow(
      expect.objectContaining({ code: 'CHUNK_UNKNOWN', details: { missing: 2 } }),
    );
  });

  it('names no more missing chunks than a sender can be told at once', async () => {
    using needed = new NeededChunks(await indexOf());
    for (let at = 0; at < 5000; at += 1) await needed.add({ id: idOf(`missing ${at}`) });

    await needed.flush();

    expect(needed.missing.size).toBe(4096);
  });

  it('refuses a chunk that is said to have another length than it has', async () => {
    using needed = new NeededChunks(await indexOf(['a', 'b']));
    await needed.add({ id: idOf('a'), length: 1000 });
    await needed.add({ id: idOf('b'), length: 1000 });

    await expect(needed.flush()).rejects.toMatchObject({ code: 'UPLOAD_ENTRIES_INVALID' });
  });

  it('keeps the first epoch it saw: a pack that changed meanwhile must be noticed', async () => {
    const index = await indexOf(['a', 'b']);
    const [pack] = index.packs;
    using needed = new NeededChunks(index);
    await needed.add({ id: idOf('a') });
    await needed.flush();

    if (pack !== undefined) index.condemn(pack.id);
    await needed.add({ id: idOf('b') });
    await needed.flush();

    expect([...needed.result().packs.values()]).toEqual([pack?.epoch]);
    expect([...(await needsOf(index, ['a'])).packs.values()]).toEqual([(pack?.epoch ?? 0) + 1]);
  });
});

describe('sameNeeds', () => {
  it('holds when the record has the very chunks and every pack', async () => {
    const index = await indexOf(['a', 'b'], ['c']);
    const needs = await needsOf(index, ['a', 'c']);
    const packs = new Set(needs.packs.keys());

    expect(sameNeeds(needs, { chunkSet: needs.chunkSet, packs })).toBe(true);
    expect(
      sameNeeds(needs, { chunkSet: (await needsOf(index, ['c', 'a', 'a'])).chunkSet, packs }),
    ).toBe(true);
  });

  it.each([
    ['a chunk less', ['a']],
    ['a chunk more', ['a', 'b', 'c']],
    ['another chunk', ['a', 'b']],
  ])('does not hold when the record has %s', async (_, names) => {
    const index = await indexOf(['a', 'b'], ['c']);
    const needs = await needsOf(index, ['a', 'c']);
    const { chunkSet } = await needsOf(index, names);

    expect(sameNeeds(needs, { chunkSet, packs: new Set(needs.packs.keys()) })).toBe(false);
  });

  it('does not hold when the record lacks a pack', async () => {
    const needs = await needsOf(await indexOf(['a', 'b'], ['c']), ['a', 'c']);
    const packs = new Set([...needs.packs.keys()].slice(1));

    expect(sameNeeds(needs, { chunkSet: needs.chunkSet, packs })).toBe(false);
  });
});
