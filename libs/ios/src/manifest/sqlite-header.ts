import { manifestDamaged } from './manifest-errors.js';

/** The first bytes of every SQLite database: https://www.sqlite.org/fileformat2.html#the_database_header */
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

export const SQLITE_HEADER_BYTES = 100;

export interface SqliteHeader {
  readonly pageBytes: number;
  /** Whole pages in the file. */
  readonly pages: number;
}

/** True when the bytes begin as every SQLite database does: Manifest.db is readable, whatever the plists say. */
export function isSqlite(head: Uint8Array): boolean {
  return MAGIC.equals(head.subarray(0, MAGIC.length));
}

/** Some 16 million files. The largest one reported has 1.2 GB. */
const MAX_FILE_BYTES = 16 * 1024 ** 3;

/**
 * Reads the header and compares it with the file's size.
 *
 * @param head the first 100 bytes
 * @throws ArchiveError BACKUP_MANIFEST_DAMAGED when the file is no database or ends too early
 */
export function readSqliteHeader(head: Uint8Array, fileBytes: number): SqliteHeader {
  if (head.length < SQLITE_HEADER_BYTES || !isSqlite(head)) throw manifestDamaged('is no database');
  if (fileBytes > MAX_FILE_BYTES) throw manifestDamaged('is larger than any');
  const header = Buffer.from(head.buffer, head.byteOffset, head.length);
  const declared = header.readUInt16BE(16);
  const pageBytes = declared === 1 ? 65_536 : declared;
  if (pageBytes < 512 || (pageBytes & (pageBytes - 1)) !== 0)
    throw manifestDamaged('has a header that cannot be right');
  const pages = Math.floor(fileBytes / pageBytes);
  // The page count holds only if it was written together with the change counter.
  const countHolds = header.readUInt32BE(24) === header.readUInt32BE(92);
  const missing = countHolds ? header.readUInt32BE(28) - pages : 0;
  if (fileBytes % pageBytes !== 0 || missing > 0)
    throw manifestDamaged('is cut off', { bytes: fileBytes });
  return { pageBytes, pages };
}
