import { readSync } from 'node:fs';
import { manifestDamaged } from './manifest-errors.js';
import type { SqliteHeader } from './sqlite-header.js';

/** As deep as SQLite itself goes (BTCURSOR_MAX_DEPTH). */
const MAX_DEPTH = 20;
/** Page 1 has the database header before its own. */
const FIRST_PAGE_OFFSET = 100;
const INTERIOR_HEADER_BYTES = 12;

const INTERIOR = new Set([2, 5]);
const LEAF = new Set([10, 13]);

interface TreePage {
  readonly page: number;
  readonly depth: number;
}

/**
 * Makes sure that SQLite cannot be led in circles: no page of the trees at `roots` belongs to two places, none is
 * deeper than SQLite goes. A file in which pages share their children would otherwise be read for ever, inside one
 * call that nothing can stop. Reads 12 bytes of a leaf, all of an inner page: 300,000 pages take half a second.
 *
 * Format: https://www.sqlite.org/fileformat2.html#b_tree_pages
 *
 * @param fd the open file, of the size the header was read with
 * @throws ArchiveError BACKUP_MANIFEST_DAMAGED
 */
export function checkTrees(fd: number, header: SqliteHeader, roots: readonly number[]): void {
  const seen = new Uint8Array(header.pages + 1);
  const pending: TreePage[] = [];
  const visit = (next: TreePage): void => {
    if (next.page < 1 || next.page > header.pages) throw manifestDamaged('names a page it lacks');
    if (seen[next.page] === 1 || next.depth > MAX_DEPTH)
      throw manifestDamaged('has pages that lead in circles');
    seen[next.page] = 1;
    pending.push(next);
  };
  for (const page of new Set(roots)) visit({ page, depth: 1 });
  const buffer = Buffer.alloc(header.pageBytes);
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    // The last one pushed is read next: descending, so that the disk is read forwards.
    const children = childrenOf(fd, header, at.page, buffer).sort((a, b) => b - a);
    for (const page of children) visit({ page, depth: at.depth + 1 });
  }
}

function childrenOf(fd: number, header: SqliteHeader, page: number, buffer: Buffer): number[] {
  const skip = page === 1 ? FIRST_PAGE_OFFSET : 0;
  const position = (page - 1) * header.pageBytes;
  readSync(fd, buffer, 0, skip + INTERIOR_HEADER_BYTES, position);
  const type = buffer.readUInt8(skip);
  if (LEAF.has(type)) return [];
  if (!INTERIOR.has(type)) throw manifestDamaged('has a page of an unknown kind');
  readSync(fd, buffer, 0, header.pageBytes, position);
  const cells = buffer.readUInt16BE(skip + 3);
  const pointers = skip + INTERIOR_HEADER_BYTES;
  if (pointers + 2 * cells > header.pageBytes) throw manifestDamaged('has a page that overflows');
  const children = [buffer.readUInt32BE(skip + 8)];
  for (let cell = 0; cell < cells; cell += 1) {
    const at = buffer.readUInt16BE(pointers + 2 * cell);
    if (at + 4 > header.pageBytes) throw manifestDamaged('has a page that overflows');
    children.push(buffer.readUInt32BE(at));
  }
  return children;
}
