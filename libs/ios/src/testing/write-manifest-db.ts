import { open, rm } from 'node:fs/promises';
import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue } from 'node:sqlite';

/** A row of `Files`, with whatever in its columns. */
export interface ManifestDbRow {
  readonly fileId: SQLInputValue;
  readonly domain: SQLInputValue;
  readonly relativePath: SQLInputValue;
  readonly flags: SQLInputValue;
  readonly blob: SQLInputValue;
}

export interface ManifestDbOptions {
  /** SQL that makes the tables, instead of what iOS makes. */
  readonly schema?: string;
  /** Marked as WAL without a log beside it, as iOS leaves it; on unless said otherwise. */
  readonly walMark?: boolean;
}

/** The schema of iOS 10 and later. */
export const MANIFEST_SCHEMA = `
  CREATE TABLE Files (fileID TEXT PRIMARY KEY, domain TEXT, relativePath TEXT, flags INTEGER, file BLOB);
  CREATE INDEX FilesDomainIdx ON Files(domain);
  CREATE INDEX FilesRelativePathIdx ON Files(relativePath);
  CREATE INDEX FilesFlagsIdx ON Files(flags);
  CREATE TABLE Properties (key TEXT PRIMARY KEY, value BLOB);
`;

/** Writes a Manifest.db that is not encrypted; what was at `path` is replaced. */
export async function writeManifestDb(
  path: string,
  rows: Iterable<ManifestDbRow>,
  { schema = MANIFEST_SCHEMA, walMark = true }: ManifestDbOptions = {},
): Promise<void> {
  await rm(path, { force: true });
  const database = new DatabaseSync(path);
  try {
    database.exec(
      'PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA journal_mode = OFF; PRAGMA user_version = 2; BEGIN',
    );
    database.exec(schema);
    insertRows(database, rows);
    database.exec('COMMIT');
  } finally {
    database.close();
  }
  if (walMark) await markAsWal(path);
}

function insertRows(database: DatabaseSync, rows: Iterable<ManifestDbRow>): void {
  const all = rows[Symbol.iterator]();
  const first = all.next();
  if (first.done === true) return;
  const insert = database.prepare(
    'INSERT INTO Files (fileID, domain, relativePath, flags, file) VALUES (?, ?, ?, ?, ?)',
  );
  for (let step: IteratorResult<ManifestDbRow> = first; step.done !== true; step = all.next()) {
    const { fileId, domain, relativePath, flags, blob } = step.value;
    insert.run(fileId, domain, relativePath, flags, blob);
  }
}

/** Bytes 18 and 19 of the header: the versions for writing and reading. */
async function markAsWal(path: string): Promise<void> {
  const file = await open(path, 'r+');
  try {
    await file.write(Buffer.of(2, 2), 0, 2, 18);
  } finally {
    await file.close();
  }
}
