import { comparePaths, isSafeRelativePath, sha256 } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import fc from 'fast-check';
import { CHUNK_MAX_BYTES } from '../limits.js';
import type { ChunkRef, FileEntry } from '../wire/entry.js';

/** An id that stands for nothing. */
export function idOf(text: string | number): ChunkId {
  return sha256(Buffer.from(String(text)));
}

export const anyRef: fc.Arbitrary<ChunkRef> = fc.record({
  id: fc.nat(1000).map(idOf),
  length: fc.oneof(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: CHUNK_MAX_BYTES })),
});

/** Parts that sort differently by UTF-16 and by UTF-8, and around the slash. */
const anyPart = fc.constantFrom(
  'a',
  'ab',
  'a b',
  'b',
  'ä',
  '-',
  '.x',
  '0',
  '\u{1f954}',
  '\ufffd',
  '\ufeff',
  '\uffee',
);

const anyPath = fc
  .array(anyPart, { maxLength: 4 })
  .map((parts) => parts.join('/'))
  .filter(isSafeRelativePath);

/** A list of files as the wire wants it: ascending, nothing below a file, sizes that add up. */
export const anyEntries: fc.Arbitrary<readonly FileEntry[]> = fc
  .uniqueArray(
    fc.tuple(anyPath, fc.boolean(), fc.bigInt(-(2n ** 63n), 2n ** 63n - 1n), fc.array(anyRef)),
    {
      selector: ([path]) => path,
      maxLength: 20,
    },
  )
  .map((drafts) => {
    const sorted = drafts.toSorted(([a], [b]) => comparePaths(a, b));
    return sorted.map(([path, folder, mtimeNs, refs], at): FileEntry => {
      const next = sorted[at + 1]?.[0];
      const parent = next !== undefined && (path === '' || next.startsWith(`${path}/`));
      if (folder || parent) return { path, type: 'folder', mtimeNs, size: 0, refs: [] };
      const size = refs.reduce((sum, { length }) => sum + length, 0);
      return { path, type: 'file', mtimeNs, size, refs };
    });
  });
