import type { ChunkRef } from '@rootcellar/chunking';
import { CHUNK_MAX_BYTES } from '@rootcellar/chunking';
import { comparePaths, isSafeRelativePath } from '@rootcellar/model';
import fc from 'fast-check';
import type { TreeEntry } from '../tree/tree-node.js';
import { idOf } from './sample-packs.js';

/** Of chunks that are only talked about. */
export const anyRef: fc.Arbitrary<ChunkRef> = fc.record({
  id: fc.nat(10_000).map((name) => idOf(`chunk ${name}`)),
  length: fc.integer({ min: 1, max: CHUNK_MAX_BYTES }),
});

/** Parts that sort differently by UTF-16 and by UTF-8, and around the slash. */
const anyPart = fc.oneof(
  fc.constantFrom('a', 'a b', 'a-', '-', '.x', '0', '\u{1f954}', '\ufffd', '\ufeff', 'é'),
  fc.string({ minLength: 1, maxLength: 3 }),
);
const anyPath = fc
  .array(anyPart, { maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter(isSafeRelativePath);

const anyTime = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });

function anyEntryOf(path: string): fc.Arbitrary<TreeEntry> {
  const folder = { path, type: 'folder' as const, size: 0, recipe: undefined };
  return fc.oneof(
    fc.record({ mtimeNs: anyTime }).map((of) => ({ ...folder, ...of })),
    fc
      .record({ mtimeNs: anyTime, refs: fc.array(anyRef, { maxLength: 8 }) })
      .map(({ mtimeNs, refs }) => fileOf(path, mtimeNs, refs)),
  );
}

function fileOf(path: string, mtimeNs: bigint, refs: readonly ChunkRef[]): TreeEntry {
  const size = refs.reduce((sum, { length }) => sum + length, 0);
  return { path, type: 'file', mtimeNs, size, recipe: { normaliser: 0, depth: 0, refs } };
}

/** Up to a hundred entries of every kind, ascending. */
export const anyEntries: fc.Arbitrary<readonly TreeEntry[]> = fc
  .uniqueArray(anyPath, { maxLength: 100 })
  .chain((paths) => fc.tuple(...paths.toSorted(comparePaths).map(anyEntryOf)));

/** So many files as an iPhone backup has them, ascending: named by digests, in 256 folders. */
export function backupEntries(count: number, seed = 0): TreeEntry[] {
  return Array.from({ length: count }, (_, at) => {
    const name = idOf(`${seed} ${at}`).slice(0, 40);
    const ref = { id: idOf(`content ${seed} ${at}`), length: (at % 50_000) + 1 };
    return fileOf(`${name.slice(0, 2)}/${name}`, BigInt(at) * 1_000_000_007n, [ref]);
  }).toSorted((a, b) => comparePaths(a.path, b.path));
}
