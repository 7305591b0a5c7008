import { DatabaseSync } from 'node:sqlite';
import { isArchiveError } from '@rootcellar/model';
import { openRegularFile } from '../files/open-regular-file.js';
import { checkTrees } from '../manifest/check-trees.js';
import { immutableUri } from '../manifest/open-database.js';
import { readingManifest } from '../manifest/manifest-errors.js';
import { SQLITE_HEADER_BYTES, readSqliteHeader } from '../manifest/sqlite-header.js';

/** The form of an app's database: what an older version of the app may not know. Not its content. */
export interface DatabaseShape {
  /** `PRAGMA user_version`: by convention the app's own number of the form. */
  readonly userVersion: number;
  /** `PRAGMA application_id` */
  readonly applicationId: number;
  /** Tables and their columns, both in order of their names as they are compared: without case. */
  readonly tables: ReadonlyMap<string, readonly string[]>;
  /** There are more tables than were looked at. */
  readonly cutOff: boolean;
}

const MAX_TABLES = 2000;
/** No statement of a schema is longer. */
const MAX_VALUE_BYTES = 1024 * 1024;
const NAME_MAX_CHARACTERS = 200;

/**
 * Reads the form of a database from nobody knows where: opened read-only and immutable, its pages walked first, none of its functions,
 * triggers or virtual tables run. A log beside it is not looked at: see `foldLog`.
 *
 * @returns undefined when it is no database that can be read
 */
export async function readDatabaseShape(path: string): Promise<DatabaseShape | undefined> {
  try {
    await using file = await openRegularFile(path);
    if (file === undefined) return undefined;
    const head = Buffer.alloc(SQLITE_HEADER_BYTES);
    await file.handle.read(head, 0, head.length, 0);
    checkTrees(file.handle.fd, readSqliteHeader(head, file.bytes), [1]);
    return readingManifest(() => look(path, head));
  } catch (error) {
    if (isArchiveError(error, 'BACKUP_MANIFEST_DAMAGED')) return undefined;
    throw error;
  }
}

function look(path: string, head: Buffer): DatabaseShape {
  const database = openForLooking(path);
  try {
    return shapeOf(database, head);
  } finally {
    database.close();
  }
}

function openForLooking(path: string): DatabaseSync {
  const database = new DatabaseSync(immutableUri(path), {
    readOnly: true,
    allowExtension: false,
    defensive: true,
    enableForeignKeyConstraints: false,
    returnArrays: true,
    limits: { length: MAX_VALUE_BYTES, attach: 0, exprDepth: 64, compoundSelect: 16 },
  });
  try {
    database.exec(
      'PRAGMA trusted_schema = OFF; PRAGMA query_only = ON; PRAGMA cell_size_check = ON; PRAGMA cache_size = -4096',
    );
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}

function shapeOf(database: DatabaseSync, head: Buffer): DatabaseShape {
  const listed = database
    .prepare("SELECT name, sql FROM sqlite_schema WHERE type = 'table' LIMIT ?")
    .all(MAX_TABLES + 1) as unknown as [unknown, unknown][];
  const tables = new Map<string, readonly string[]>();
  for (const [name, sql] of listed.slice(0, MAX_TABLES)) {
    // A virtual table's own code would run as soon as it is asked for its columns.
    if (typeof name !== 'string' || typeof sql !== 'string' || !/^CREATE TABLE\s/i.test(sql))
      continue;
    if (name.length > NAME_MAX_CHARACTERS || name.startsWith('sqlite_')) continue;
    tables.set(name.toLowerCase(), columnsOf(database, name));
  }
  return {
    // Where the header has them: https://www.sqlite.org/fileformat2.html#the_database_header
    userVersion: head.readInt32BE(60),
    applicationId: head.readInt32BE(68),
    tables: new Map([...tables].sort(([a], [b]) => (a < b ? -1 : 1))),
    cutOff: listed.length > MAX_TABLES,
  };
}

function columnsOf(database: DatabaseSync, table: string): string[] {
  const rows = database
    .prepare(`PRAGMA table_xinfo("${table.replaceAll('"', '""')}")`)
    .all() as unknown as unknown[][];
  return rows.map((row) => String(row[1]).slice(0, NAME_MAX_CHARACTERS).toLowerCase()).sort();
}
