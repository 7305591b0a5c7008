import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { comparePaths } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import { createMemoryObjectStore, faultyObjectStore } from '@rootcellar/object-store';
import { Crew } from '../crew.js';
import { HouseholdVault } from '../household-vault.js';
import { openMemoryVault } from '../testing/open-memory-vault.js';
import type { MemoryVault } from '../testing/open-memory-vault.js';
import { collect } from '../testing/sample-bytes.js';
import { idOf } from '../testing/sample-packs.js';
import { writeTree } from '../testing/write-tree.js';
import type { TreeEntry } from './tree-node.js';

const MIB = 1024 * 1024;
const WIDE = 100_000;
const DEEP = 2_000;
const crew = new Crew(1);

// Threads and properties: machines may be busy.
jest.setTimeout(120_000);

let reads = 0;
let opened: MemoryVault;
let root: ChunkId;

/** One folder of a hundred thousand files, and paths of a hundred parts; never all of it in memory. */
function* entries(): Generator<TreeEntry> {
  const deep = Array.from({ length: 100 }, (_, at) => `folder ${at}`).join('/');
  for (let at = 0; at < DEEP; at += 1) {
    yield fileOf(`a/${deep}/${at.toString().padStart(5, '0')}`, at);
  }
  for (let at = 0; at < WIDE; at += 1) yield fileOf(wideName(at), at);
}

function wideName(at: number): string {
  return `wide/${at.toString().padStart(6, '0')}`;
}

function fileOf(path: string, at: number): TreeEntry {
  const refs = [{ id: idOf(`content ${at % 1000}`), length: 100 }];
  const recipe = { normaliser: 0, depth: 0, refs };
  return { path, type: 'file', mtimeNs: BigInt(at), size: 100, recipe };
}

beforeAll(async () => {
  const counting = faultyObjectStore(
    createMemoryObjectStore(),
    ({ operation }) => {
      if (operation === 'read') reads += 1;
      return undefined;
    },
    async () => Promise.resolve(),
  );
  opened = openMemoryVault(crew, counting);
  ({ root } = await writeTree(opened, entries()));
});
afterAll(async () => crew.close());

/** The same vault with nothing read yet. */
function freshVault(): HouseholdVault {
  reads = 0;
  return new HouseholdVault(opened.parts);
}

describe('a tree of 102,000 entries', () => {
  it('gives them all back, in order', async () => {
    let count = 0;
    let last: string | undefined;
    for await (const { path } of freshVault().trees.entries(root)) {
      if (last !== undefined && comparePaths(last, path) >= 0) throw new Error('not ascending');
      last = path;
      count += 1;
    }

    expect(count).toBe(WIDE + DEEP);
    expect(last).toBe(wideName(WIDE - 1));
  });

  it('was written as it came: no pack holds more than a batch', () => {
    const sizes = opened.index.packs.map(({ size }) => size);

    expect(sizes.length).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThan(5 * MIB);
  });

  it('has small nodes, none far from the root', async () => {
    const ids = await collect(freshVault().trees.metadataIds(root));
    const lengths: number[] = [];
    for (let from = 0; from < ids.length; from += 4096) {
      const places = await opened.index.locate(ids.slice(from, from + 4096));
      lengths.push(...places.map((place) => place?.plainLength ?? Infinity));
    }

    expect(lengths.length).toBeGreaterThan((WIDE + DEEP) / 256);
    expect(lengths.length).toBeLessThan((WIDE + DEEP) / 32);
    expect(Math.max(...lengths)).toBeLessThan(MIB);
  });

  it('finds one of them by reading one node a level', async () => {
    const found = await freshVault().trees.find(root, wideName(54_321));

    expect(found?.mtimeNs).toBe(54_321n);
    expect(reads).toBeLessThanOrEqual(4);
  });

  it('goes on behind any of them without reading what is before', async () => {
    const got = await collect(freshVault().trees.entries(root, wideName(WIDE - 11)));

    expect(got.map(({ path }) => path)).toEqual(
      Array.from({ length: 10 }, (_, at) => wideName(WIDE - 10 + at)),
    );
    expect(reads).toBeLessThanOrEqual(8);
  });

  it('reads no further than it is asked to', async () => {
    for await (const { path } of freshVault().trees.entries(root)) {
      expect(path).toContain('a/folder 0/');
      break;
    }

    // On each of the levels below the root, the nodes that are read ahead.
    expect(reads).toBeLessThanOrEqual(2 * 16 + 1);
  });
});
