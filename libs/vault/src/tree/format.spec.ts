import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { chunkIdToBytes, sha256 } from '@rootcellar/model';
import fc from 'fast-check';
import { Crew } from '../crew.js';
import { isBorderByReference } from '../testing/format-by-reference.js';
import { openMemoryVault } from '../testing/open-memory-vault.js';
import { anyEntries, backupEntries } from '../testing/sample-entries.js';
import { idOf } from '../testing/sample-packs.js';
import { writeTree } from '../testing/write-tree.js';
import { isBorder } from './border.js';
import { encodeCbor } from './cbor.js';
import { recipeToCbor } from './recipe.js';
import { decodeNode, encodeInner, encodeLeaf } from './tree-node.js';
import type { TreeEntry } from './tree-node.js';

/** docs/format.md, byte by byte: what stands here may only change together with it and with the format's version. */
const crew = new Crew(1);

// Threads and properties: machines may be busy.
jest.setTimeout(30_000);
const ID = idOf('a chunk');
/** A byte string of 32. */
const ID_CBOR = `5820${ID}`;

afterAll(async () => crew.close());

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');

describe('tree nodes', () => {
  const entries: TreeEntry[] = [
    { path: '', type: 'folder', mtimeNs: -1n, size: 0, recipe: undefined },
    {
      path: 'é',
      type: 'file',
      mtimeNs: 1_795_000_000_123_456_789n,
      size: 5,
      recipe: { normaliser: 0, depth: 0, refs: [{ id: ID, length: 5 }] },
    },
    {
      path: 'é/..b',
      type: 'file',
      mtimeNs: 0n,
      size: 0,
      recipe: { normaliser: 0, depth: 0, refs: [] },
    },
  ];
  const leaf = [
    '83 01 00 83',
    '85 60 01 20 00 f6',
    `85 62c3a9 00 1b18e91efd632f4d15 05 82 00 81 82 ${ID_CBOR} 05`,
    '85 66c3a92f2e2e62 00 00 00 82 00 80',
  ];

  it('are, as leaves, what format.md says', () => {
    const bytes = leaf.join('').replaceAll(' ', '');

    expect(hex(encodeLeaf(entries))).toBe(bytes);
    expect(decodeNode(Buffer.from(bytes, 'hex'))).toEqual({ level: 0, entries });
  });

  it('are, as inner nodes, what format.md says', () => {
    const children = [{ firstPath: 'a', id: ID, entries: 3, bytes: 300 }];
    const bytes = `83 01 02 81 84 6161 ${ID_CBOR} 03 19012c`.replaceAll(' ', '');

    expect(hex(encodeInner(2, children))).toBe(bytes);
    expect(decodeNode(Buffer.from(bytes, 'hex'))).toEqual({ level: 2, children });
  });

  it('of nothing are an empty leaf', async () => {
    const { root } = await writeTree(openMemoryVault(crew), []);

    expect(root).toBe(sha256(Buffer.from('83010080', 'hex')));
  });
});

describe('recipes', () => {
  it('name their lists and how many levels they have', () => {
    const recipe = { normaliser: 0, depth: 1, refs: [{ id: ID, length: 70_000 }] };

    expect(hex(encodeCbor(recipeToCbor(recipe)))).toBe(`8300018182${ID_CBOR}1a00011170`);
  });
});

describe('root manifests', () => {
  it('are maps whose keys stand in the order of RFC 8949', () => {
    const manifest = {
      v: 1,
      id: 'i',
      kind: 'snapshot',
      household: 'h',
      member: 'm',
      created: 1,
      tree: chunkIdToBytes(ID),
      entries: 2,
      bytes: 3,
      facts: { encrypted: true, udid: 'u' },
    };

    expect(hex(encodeCbor(manifest))).toBe(
      [
        'aa',
        `6176 01`,
        `626964 6169`,
        `646b696e64 68736e617073686f74`,
        `6474726565 ${ID_CBOR}`,
        `656279746573 03`,
        `656661637473 a2 6475646964 6175 69656e63727970746564 f5`,
        `666d656d626572 616d`,
        `6763726561746564 01`,
        `67656e7472696573 02`,
        `69686f757365686f6c64 6168`,
      ]
        .join('')
        .replaceAll(' ', ''),
    );
  });
});

/** The root of a tree as format.md describes it: all entries at once, level by level. */
function rootByReference(entries: readonly TreeEntry[]): string {
  const leaves = group(
    entries.map((entry) => ({
      item: entry,
      weight: Math.max(1, entry.recipe?.refs.length ?? 0),
      border: isBorderByReference(entry.path, 0),
    })),
    1,
  );
  let nodes = (leaves.length > 0 ? leaves : [[]]).map((leaf) => ({
    firstPath: leaf[0]?.path ?? '',
    id: sha256(encodeLeaf(leaf)),
    entries: leaf.length,
    bytes: leaf.reduce((sum, { size }) => sum + size, 0),
  }));
  for (let level = 1; nodes.length > 1; level += 1) {
    const items = nodes.map((node) => ({
      item: node,
      weight: 1,
      border: isBorderByReference(node.firstPath, level),
    }));
    nodes = group(items, 2).map((children) => ({
      firstPath: children[0]?.firstPath ?? '',
      id: sha256(encodeInner(level, children)),
      entries: children.reduce((sum, child) => sum + child.entries, 0),
      bytes: children.reduce((sum, child) => sum + child.bytes, 0),
    }));
  }
  return nodes[0]?.id ?? '';
}

/** @param least how many lines a node has before a border ends it */
function group<T>(
  lines: readonly { readonly item: T; readonly weight: number; readonly border: boolean }[],
  least: number,
): T[][] {
  const nodes: T[][] = [];
  let node: T[] = [];
  let weight = 0;
  const close = (): void => {
    if (node.length > 0) nodes.push(node);
    node = [];
    weight = 0;
  };
  for (const line of lines) {
    if (weight + line.weight > 256) close();
    node.push(line.item);
    weight += line.weight;
    if (weight === 256 || (line.border && node.length >= least)) close();
  }
  close();
  return nodes;
}

describe('borders', () => {
  it('are where the hash of format.md is 0 modulo 64', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(16), (path, level) => {
        expect(isBorder(path, level)).toBe(isBorderByReference(path, level));
      }),
      { numRuns: 5000 },
    );
  });

  it('are these, among the first numbers', () => {
    const numbers = Array.from({ length: 300 }, (_, at) => String(at));

    expect(numbers.filter((path) => isBorder(path, 0))).toEqual([
      '52',
      '104',
      '111',
      '180',
      '225',
      '262',
      '284',
    ]);
    expect(numbers.filter((path) => isBorder(path, 1))).toEqual(['42', '159', '217']);
  });

  it.each([
    [100, 'f9a80835dd6fda38d2362663701fbae60d2e24ba7c6a11b5a5f92a4428e41a83'],
    [5000, 'be7960e171087d8a8dee3480074f0934df11d8d695b2f17334f103b947c3ceaa'],
  ])('make a tree of %d files this one', async (count, root) => {
    const tree = await writeTree(openMemoryVault(crew), backupEntries(count));

    expect(tree.root).toBe(root);
  });

  it('make of any entries the tree that format.md describes', async () => {
    const anyTree = fc.oneof(
      anyEntries,
      fc.integer({ min: 0, max: 1500 }).map((count) => backupEntries(count)),
    );
    await fc.assert(
      fc.asyncProperty(anyTree, async (entries) => {
        const { root } = await writeTree(openMemoryVault(crew), entries);

        expect(root).toBe(rootByReference(entries));
      }),
      { numRuns: 40 },
    );
  });

  it('do so where paths have no borders of their own, and long recipes stand in place', async () => {
    // Nine to 256 lists each, and no path among them that ends a node.
    const refs = Array.from({ length: 256 }, (_, at) => ({ id: idOf(String(at)), length: 1 }));
    const paths = Array.from({ length: 2000 }, (_, at) => String(at + 10_000));
    const entries = paths
      .filter((path) => !isBorderByReference(path, 0))
      .map((path, at): TreeEntry => {
        const recipe = { normaliser: 0, depth: 1, refs: refs.slice(0, [1, 9, 100, 256][at % 4]) };
        return { path, type: 'file', mtimeNs: 0n, size: 1, recipe };
      });

    const { root } = await writeTree(openMemoryVault(crew), entries);

    expect(root).toBe(rootByReference(entries));
  });
});
