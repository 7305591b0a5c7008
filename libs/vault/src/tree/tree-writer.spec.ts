import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { comparePaths } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import fc from 'fast-check';
import { Crew } from '../crew.js';
import { openMemoryVault } from '../testing/open-memory-vault.js';
import type { MemoryVault } from '../testing/open-memory-vault.js';
import { collect } from '../testing/sample-bytes.js';
import { anyEntries, backupEntries } from '../testing/sample-entries.js';
import { writeTree } from '../testing/write-tree.js';
import type { TreeEntry } from './tree-node.js';

const crew = new Crew(1);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);

afterAll(async () => crew.close());

async function nodesOf({ vault }: MemoryVault, root: ChunkId): Promise<ReadonlySet<ChunkId>> {
  return new Set(await collect(vault.trees.metadataIds(root)));
}

/** How many nodes the first tree has that the second has not. */
function inOnly(one: ReadonlySet<ChunkId>, other: ReadonlySet<ChunkId>): number {
  return [...one].filter((id) => !other.has(id)).length;
}

describe('a tree', () => {
  it('gives back the entries it was written of, with their number and bytes', async () => {
    await fc.assert(
      fc.asyncProperty(anyEntries, async (entries) => {
        const opened = openMemoryVault(crew);

        const tree = await writeTree(opened, entries);

        expect(await collect(opened.vault.trees.entries(tree.root))).toEqual(entries);
        expect(tree.entries).toBe(entries.length);
        expect(tree.bytes).toBe(entries.reduce((sum, { size }) => sum + size, 0));
      }),
      { numRuns: 40 },
    );
  });

  it.each([0, 1, 64, 256, 257, 3000])('of %d files is whole', async (count) => {
    const opened = openMemoryVault(crew);
    const entries = backupEntries(count);

    const tree = await writeTree(opened, entries);

    expect(tree.entries).toBe(count);
    expect(await collect(opened.vault.trees.entries(tree.root))).toEqual(entries);
  });

  it('has the same root for the same entries, however they were written', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.nat(1500),
        fc.integer({ min: 1, max: 500 }),
        async (count, flushEvery) => {
          const entries = backupEntries(count);

          const one = await writeTree(openMemoryVault(crew), entries);
          const two = await writeTree(openMemoryVault(crew), entries, flushEvery);

          expect(two).toEqual(one);
        },
      ),
      { numRuns: 6 },
    );
  });

  it('has another root when anything about an entry is another', async () => {
    const [first, ...rest] = backupEntries(300) as [TreeEntry, ...TreeEntry[]];
    const variants: TreeEntry[] = [
      first,
      { ...first, path: `${first.path}x` },
      { ...first, mtimeNs: first.mtimeNs + 1n },
      { ...first, size: first.size + 1 },
      { ...first, recipe: { normaliser: 0, depth: 0, refs: [] } },
      { ...first, type: 'folder', recipe: undefined },
    ];

    const roots = await Promise.all(
      variants.map(async (entry) => writeTree(openMemoryVault(crew), [entry, ...rest])),
    );

    expect(new Set(roots.map(({ root }) => root)).size).toBe(variants.length);
  });

  it('shares all but the path to the root with a tree in which one file changed', async () => {
    const opened = openMemoryVault(crew);
    const entries = backupEntries(5000);
    const before = await nodesOf(opened, (await writeTree(opened, entries)).root);

    await fc.assert(
      fc.asyncProperty(fc.nat(entries.length - 1), async (at) => {
        const changed = entries.map((entry, which) =>
          which === at ? { ...entry, mtimeNs: -entry.mtimeNs - 1n } : entry,
        );

        const after = await nodesOf(opened, (await writeTree(opened, changed)).root);

        // 5,000 entries, 64 a node: the leaf, and one node on each of the two or three levels above.
        expect(inOnly(after, before)).toBeLessThanOrEqual(4);
        expect(inOnly(before, after)).toBe(inOnly(after, before));
      }),
      { numRuns: 3, seed: 1 },
    );
  });

  it('shares nearly all with a tree in which files came and went', async () => {
    const opened = openMemoryVault(crew);
    const entries = backupEntries(5000);
    const extra = backupEntries(10, 1);
    const before = await nodesOf(opened, (await writeTree(opened, entries)).root);

    await fc.assert(
      fc.asyncProperty(fc.nat(entries.length - 1), fc.nat(9), async (gone, come) => {
        const changed = [...entries.filter((_, at) => at !== gone), ...extra.slice(come, come + 1)];
        changed.sort((a, b) => comparePaths(a.path, b.path));

        const after = await nodesOf(opened, (await writeTree(opened, changed)).root);

        expect(inOnly(after, before)).toBeLessThanOrEqual(16);
      }),
      { numRuns: 3, seed: 1 },
    );
  });

  it.each([
    ['the same path twice', ['a', 'b', 'b']],
    ['a path that comes too late', ['a', 'c', 'b']],
    ['the order of UTF-16', ['\u{1f954}', '\ufffd']],
    ['the order of the joined paths', ['a-b', 'a/b']],
  ])('is not written with %s', async (_, paths) => {
    const entries = paths.map((path): TreeEntry => ({
      path,
      type: 'folder',
      mtimeNs: 0n,
      size: 0,
      recipe: undefined,
    }));

    await expect(writeTree(openMemoryVault(crew), entries)).rejects.toMatchObject({
      code: 'UPLOAD_ENTRIES_INVALID',
    });
  });
});
