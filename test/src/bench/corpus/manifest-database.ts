import { closeSync, existsSync, openSync, readSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { FLAG_FILE, fileIdOf, manifestBlob } from './manifest-row.js';
import type { ManifestRow } from './manifest-row.js';

/** A `Manifest.db` open for change; nothing is written before `close`. */
export interface ManifestDatabase {
  readonly sqlite: DatabaseSync;
  /** A file's row takes the place of its older one; a folder's older row stays. */
  put(row: ManifestRow): void;
  remove(fileId: string): void;
  close(): void;
}

const SCHEMA = `
  pragma page_size = 4096;
  pragma auto_vacuum = incremental;
  pragma user_version = 2;
  create table Files (fileID text primary key, domain text, relativePath text, flags integer, file blob);
  create index FilesDomainIdx on Files(domain);
  create index FilesRelativePathIdx on Files(relativePath);
  create index FilesFlagsIdx on Files(flags);
  create table Properties (key text primary key, value blob);
`;
/** Bytes 18 and 19 of the header: iOS leaves the file marked as WAL (2), with no `-wal` beside it. */
const MARK_OFFSET = 18;
const MARK_ROLLBACK = 1;
const MARK_WAL = 2;
const BEGIN = 'pragma journal_mode = off; pragma synchronous = off; begin';

export function openManifest(path: string): ManifestDatabase {
  const existed = existsSync(path);
  if (existed) mark(path, MARK_ROLLBACK);
  const sqlite = new DatabaseSync(path);
  if (!existed) sqlite.exec(SCHEMA);
  sqlite.exec(BEGIN);
  const put = sqlite.prepare('insert or replace into Files values(?, ?, ?, ?, ?)');
  const putOnce = sqlite.prepare('insert or ignore into Files values(?, ?, ?, ?, ?)');
  const remove = sqlite.prepare('delete from Files where fileID = ?');

  return {
    sqlite,
    put(row) {
      const fileId = fileIdOf(row.domain, row.relativePath);
      const statement = row.flags === FLAG_FILE ? put : putOnce;
      statement.run(fileId, row.domain, row.relativePath, row.flags, manifestBlob(row, fileId));
    },
    remove(fileId) {
      remove.run(fileId);
    },
    close() {
      sqlite.exec('commit');
      sqlite.close();
      mark(path, MARK_WAL);
    },
  };
}

/** Changes the rows of a manifest that is there; its mark stays what it was. */
export function changeManifest(path: string, change: (sqlite: DatabaseSync) => void): void {
  const marked = markOf(path);
  mark(path, MARK_ROLLBACK);
  const sqlite = new DatabaseSync(path);
  sqlite.exec(BEGIN);
  change(sqlite);
  sqlite.exec('commit');
  sqlite.close();
  mark(path, marked);
}

function markOf(path: string): number {
  const file = openSync(path, 'r');
  const bytes = Buffer.alloc(1);
  readSync(file, bytes, 0, 1, MARK_OFFSET);
  closeSync(file);
  return bytes.readUInt8();
}

function mark(path: string, value: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.from([value, value]), 0, 2, MARK_OFFSET);
  closeSync(file);
}
