import { DatabaseSync, constants } from 'node:sqlite';
import type { SQLOutputValue } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { manifestDamaged, readingManifest } from './manifest-errors.js';

/** Above any blob or path a device writes; a longer value fails the query. */
const MAX_VALUE_BYTES = 4 * 1024 * 1024;

/** The name under which SQLite knows the order of `comparePaths`. */
export const PATH_KEY = 'rootcellar_path_key';

const NEEDED_COLUMNS = ['fileID', 'domain', 'relativePath', 'flags', 'file'];

/**
 * Opens Manifest.db without writing anything beside it: iOS leaves it marked as WAL, which a plain read-only open
 * refuses. `immutable` says so to SQLite, which then neither locks nor looks for a log.
 *
 * The schema is not trusted: no function of it runs, no extension loads, values are bounded.
 *
 * @throws ArchiveError BACKUP_MANIFEST_DAMAGED
 */
export function openDatabase(path: string): DatabaseSync {
  return readingManifest(() => {
    const database = new DatabaseSync(immutableUri(path), {
      readOnly: true,
      allowExtension: false,
      defensive: true,
      enableForeignKeyConstraints: false,
      returnArrays: true,
      limits: { length: MAX_VALUE_BYTES, attach: 0, column: 64, exprDepth: 32, compoundSelect: 2 },
    });
    try {
      // `directOnly`: for our own statements, never for what stands in the schema.
      database.function(PATH_KEY, { deterministic: true, directOnly: true }, pathKey);
      database.exec(
        'PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA cache_size = -16384',
      );
    } catch (error) {
      database.close();
      throw error;
    }
    return database;
  });
}

/**
 * Makes sure that `Files` is an ordinary table with the columns we need, and from then on lets queries read that
 * table alone: what a hostile schema computes (generated columns, expressions in indexes) fails instead of running.
 *
 * @returns the root pages of the table and its indexes
 * @throws ArchiveError BACKUP_MANIFEST_DAMAGED
 */
export function fenceToFiles(database: DatabaseSync): number[] {
  return readingManifest(() => {
    const objects = database
      .prepare(
        "SELECT type, rootpage, sql FROM sqlite_schema WHERE tbl_name = 'Files' COLLATE NOCASE LIMIT 64",
      )
      .all() as unknown as unknown[][];
    const tables = objects.filter(([type]) => type !== 'index' && type !== 'trigger');
    const [type, rootPage, sql] = tables[0] ?? [];
    const ordinary = type === 'table' && typeof sql === 'string' && /^CREATE TABLE\s/.test(sql);
    if (tables.length !== 1 || !ordinary || typeof rootPage !== 'number' || rootPage < 1)
      throw manifestDamaged('has no table of files');
    const columns = database.prepare('PRAGMA table_xinfo(Files)').all() as unknown as unknown[][];
    // table_xinfo: cid, name, type, notnull, dflt_value, pk, hidden (2 and 3: generated)
    const stored = new Set(
      columns.filter((column) => column[6] === 0).map((column) => String(column[1]).toLowerCase()),
    );
    if (!NEEDED_COLUMNS.every((name) => stored.has(name.toLowerCase())))
      throw manifestDamaged('has a table of files without the known columns');
    database.setAuthorizer(allowReadingFiles);
    return objects
      .map((object) => object[1])
      .filter((root) => typeof root === 'number' && root > 0) as number[];
  });
}

/** Of a function, SQLite gives the name second; of a column, the table first. */
function allowReadingFiles(action: number, first: string | null, second: string | null): number {
  const allowed =
    action === constants.SQLITE_SELECT ||
    (action === constants.SQLITE_READ && first?.toLowerCase() === 'files') ||
    (action === constants.SQLITE_FUNCTION &&
      (second === 'count' || second === 'sum' || second === PATH_KEY));
  return allowed ? constants.SQLITE_OK : constants.SQLITE_DENY;
}

/** Sorts paths part by part: the slash before every other byte, and doubled ones like one. */
function pathKey(path: SQLOutputValue): Uint8Array {
  return Buffer.from(String(path).replace(/\/+/g, '\0'));
}

/** `file:` with every character of the path escaped as SQLite reads it; a UNC host moves into the path. */
export function immutableUri(path: string): string {
  const url = pathToFileURL(path);
  const host = url.host === '' ? '' : `//${url.host}`;
  return `file://${host}${url.pathname}?immutable=1`;
}
