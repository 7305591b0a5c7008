import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { comparePaths } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import fc from 'fast-check';
import { Crew } from '../crew.js';
import { CHUNK_KIND } from '../sealed-chunk.js';
import { openMemoryVault } from '../testing/open-memory-vault.js';
import type { MemoryVault } from '../testing/open-memory-vault.js';
import { collect } from '../testing/sample-bytes.js';
import { anyEntries, backupEntries } from '../testing/sample-entries.js';
import { idOf } from '../testing/sample-packs.js';
import { openSink, writeTree } from '../testing/write-tree.js';
import { encodeCbor } from './cbor.js';
import { encodeInner, encodeLeaf } from './tree-node.js';

const crew = new Crew(1);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);

afterAll(async () => crew.close());

/** Between paths there are, before them, and behind them all. */
const anyAfter = fc.oneof(
  fc.constantFrom('', '!', '80', '80/', '80/8', 'zz', '\u{10ffff}'),
  fc.nat(0xffff).map((number) => {
    const digits = number.toString(16).padStart(4, '0');
    return `${digits.slice(0, 2)}/${digits}`;
  }),
);

async function store(opened: MemoryVault, ...nodes: readonly Uint8Array[]): Promise<ChunkId[]> {
  const { sink } = openSink(opened);
  const ids: ChunkId[] = [];
  for (const node of nodes) ids.push(await sink.put(CHUNK_KIND.tree, node));
  await sink.flush();
  return ids;
}

describe('TreeReader.entries', () => {
  it('goes on exactly behind any path', async () => {
    const opened = openMemoryVault(crew);
    const entries = backupEntries(2500);
    const { root } = await writeTree(opened, entries);

    await fc.assert(
      fc.asyncProperty(
        fc.oneof(anyAfter, fc.constantFrom(...entries.map(({ path }) => path))),
        async (after) => {
          const expected = entries.filter(({ path }) => comparePaths(path, after) > 0);

          const got = await collect(opened.vault.trees.entries(root, after));

          expect(got.map(({ path }) => path)).toEqual(expected.map(({ path }) => path));
        },
      ),
      { numRuns: 30 },
    );
  });

  it('goes on exactly behind every path of small trees', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, async (entries) => {
        const opened = openMemoryVault(crew);
        const { root } = await writeTree(opened, entries);

        for (const [at, { path }] of entries.entries()) {
          const next = await opened.vault.trees.entries(root, path).next();
          expect(next.value).toEqual(entries[at + 1]);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('TreeReader.find', () => {
  it('finds every entry by its path, and nothing by any other', async () => {
    const opened = openMemoryVault(crew);
    const entries = backupEntries(2500);
    const { root } = await writeTree(opened, entries);

    for (const entry of entries.filter((_, at) => at % 7 === 0)) {
      expect(await opened.vault.trees.find(root, entry.path)).toEqual(entry);
      expect(await opened.vault.trees.find(root, `${entry.path}0`)).toBeUndefined();
    }
    for (const path of ['', '!', 'zz', '80', entries[0]?.path.slice(0, -1) ?? '']) {
      expect(await opened.vault.trees.find(root, path)).toBeUndefined();
    }
  });

  it('finds entries of every kind', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, async (entries) => {
        const opened = openMemoryVault(crew);
        const { root } = await writeTree(opened, entries);

        for (const entry of entries) {
          expect(await opened.vault.trees.find(root, entry.path)).toEqual(entry);
        }
      }),
      { numRuns: 30 },
    );
  });
});

describe('TreeReader.metadataIds', () => {
  it('names every node, the root first', async () => {
    const opened = openMemoryVault(crew);
    const { root } = await writeTree(opened, backupEntries(1000));

    const ids = await collect(opened.vault.trees.metadataIds(root));

    expect(ids[0]).toBe(root);
    const stored = await opened.index.locate(ids);
    expect(stored.every((place) => place?.kind === CHUNK_KIND.tree)).toBe(true);
    // The sink was flushed once: what is in its one pack is the tree.
    const [pack] = opened.index.packs;
    const inPack = stored.reduce((sum, place) => sum + (place?.sealedLength ?? 0), 0);
    expect(inPack + 8 + 28 + ids.length * 42 + 36).toBe(pack?.size);
  });
});

describe('a damaged tree', () => {
  const leaf = encodeLeaf(backupEntries(3));

  it.each([
    ['is no CBOR', Buffer.from('RCPACK')],
    ['is cut off', leaf.subarray(0, -1)],
    ['goes on behind its end', Buffer.concat([leaf, Buffer.of(0)])],
    ['is of another version', encodeCbor([2, 0, []])],
    ['is no list', encodeCbor({ v: 1 })],
    ['is too high', encodeCbor([1, 17, []])],
    ['has too many lines', encodeCbor([1, 0, Array.from({ length: 257 }, () => null)])],
    ['has a line of nothing', encodeCbor([1, 0, [null]])],
    ['has a path that leads out', encodeCbor([1, 0, [['../x', 1, 0, 0, null]]])],
    ['has an unknown type', encodeCbor([1, 0, [['x', 2, 0, 0, null]]])],
    ['has a time that is no whole number', encodeCbor([1, 0, [['x', 1, 0.5, 0, null]]])],
    ['has no time', encodeCbor([1, 0, [['x', 1, null, 0, null]]])],
    ['has a size below nothing', encodeCbor([1, 0, [['x', 1, 0, -1, null]]])],
    ['has a file without a recipe', encodeCbor([1, 0, [['x', 0, 0, 0, null]]])],
    ['has a recipe of another normaliser', encodeCbor([1, 0, [['x', 0, 0, 0, [1, []]]]])],
    ['has a recipe nested too deep', encodeCbor([1, 0, [['x', 0, 0, 0, [0, 7, []]]]])],
    [
      'has a ref with half an id',
      encodeCbor([1, 0, [['x', 0, 0, 1, [0, [[Buffer.alloc(16), 1]]]]]]),
    ],
    ['has a ref without a length', encodeCbor([1, 0, [['x', 0, 0, 1, [0, [[Buffer.alloc(32)]]]]]])],
    ['has a child without an id', encodeCbor([1, 1, [['x', null, 1, 1]]])],
    ['has a child without a path', encodeCbor([1, 1, [[1, Buffer.alloc(32), 1, 1]]])],
    ['has a child without counts', encodeCbor([1, 1, [['x', Buffer.alloc(32)]]])],
  ])('is told when a node %s', async (_, node) => {
    const opened = openMemoryVault(crew);
    const [root = idOf('')] = await store(opened, node);
    const damaged = { code: 'TREE_DAMAGED' };

    await expect(collect(opened.vault.trees.entries(root))).rejects.toMatchObject(damaged);
    await expect(opened.vault.trees.find(root, 'x')).rejects.toMatchObject(damaged);
    await expect(collect(opened.vault.trees.metadataIds(root))).rejects.toMatchObject(damaged);
  });

  it('is told when a node is not below its parent', async () => {
    const opened = openMemoryVault(crew);
    const child = { firstPath: '', entries: 3, bytes: 3 };
    const [id = idOf('')] = await store(opened, encodeInner(1, [{ ...child, id: idOf('x') }]));
    const [root = idOf('')] = await store(opened, encodeInner(1, [{ ...child, id }]));

    await expect(collect(opened.vault.trees.entries(root))).rejects.toMatchObject({
      code: 'TREE_DAMAGED',
    });
    await expect(opened.vault.trees.find(root, 'x')).rejects.toMatchObject({
      code: 'TREE_DAMAGED',
    });
  });

  it('is told when a node is not in the vault', async () => {
    const opened = openMemoryVault(crew);
    const child = { firstPath: '', id: idOf('missing'), entries: 3, bytes: 3 };
    const [root = idOf('')] = await store(opened, encodeInner(1, [child]));

    await expect(collect(opened.vault.trees.entries(root))).rejects.toMatchObject({
      code: 'CHUNK_DAMAGED',
    });
  });

  it('gives what comes before the damage', async () => {
    const opened = openMemoryVault(crew);
    const [good = idOf(''), bad = idOf('')] = await store(opened, leaf, encodeCbor([1, 0, [null]]));
    const child = { entries: 3, bytes: 3 };
    const [root = idOf('')] = await store(
      opened,
      encodeInner(1, [
        { ...child, firstPath: '', id: good },
        { ...child, firstPath: 'zz', id: bad },
      ]),
    );

    const entries = opened.vault.trees.entries(root);
    for (let at = 0; at < 3; at += 1) expect((await entries.next()).done).toBe(false);

    await expect(entries.next()).rejects.toMatchObject({ code: 'TREE_DAMAGED' });
  });
});
