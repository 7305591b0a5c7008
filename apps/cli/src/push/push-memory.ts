import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { ArchiveError } from '@rootcellar/model';
import type { UploadId } from '@rootcellar/model';
import { SQLITE, memoryFailure, sqliteCode } from './memory-failure.js';
import type { Sighting } from './walk-folder.js';

/** A file's chunks as they go into the memory and onto the wire: 32 bytes id and 4 bytes length each. */
export type PackedRefs = Uint8Array;

/** A file of this run as the memory knows it. */
export interface RememberedFile extends Sighting {
  readonly refs: PackedRefs | undefined;
  /** SHA-1 that Apple's Manifest.db gives for it. */
  readonly digest: Uint8Array | undefined;
}

interface Row {
  readonly key: Uint8Array;
  readonly path: string;
  readonly type: bigint;
  readonly size: bigint;
  readonly mtime_ns: bigint;
  readonly ctime_ns: bigint;
  readonly inode: bigint;
  readonly refs: Uint8Array | null;
  readonly digest: Uint8Array | null;
}

const PAGE = 2000;
const SCHEMA_VERSION = 1;
/** What a file gives that is no database, or not ours. */
const BROKEN: ReadonlySet<number> = new Set([SQLITE.error, SQLITE.corrupt, SQLITE.notADatabase]);

/**
 * What the agent remembers of a device's backup between pushes: (path, size, mtime, inode) → chunks, so that unchanged files
 * are not read again. Lives in one SQLite file that may be deleted at any time; everything of a run is in it, so that
 * memory does not grow with the backup.
 */
export class PushMemory {
  readonly #db: DatabaseSync;
  readonly #run: bigint;
  readonly #see: StatementSync;
  readonly #learn: StatementSync;
  readonly #forget: StatementSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    this.#run = BigInt(this.#value('run') ?? '0') + 1n;
    this.#setValue('run', String(this.#run));
    // Refs stay only when nothing about the file changed, Apple's digest included.
    this.#see = db.prepare(`
      insert into file (key, path, type, size, mtime_ns, ctime_ns, inode, digest, run) values (?, ?, ?, ?, ?, ?, ?, ?, ?)
      on conflict (key) do update set
        refs = case when type = excluded.type and size = excluded.size and mtime_ns = excluded.mtime_ns
          and ctime_ns = excluded.ctime_ns and inode = excluded.inode and digest is excluded.digest then refs end,
        damaged = case when size = excluded.size and mtime_ns = excluded.mtime_ns
          and ctime_ns = excluded.ctime_ns and inode = excluded.inode and digest is excluded.digest then damaged else 0 end,
        type = excluded.type, size = excluded.size, mtime_ns = excluded.mtime_ns, ctime_ns = excluded.ctime_ns,
        inode = excluded.inode, digest = excluded.digest, run = excluded.run`);
    this.#learn = db.prepare(
      `update file set refs = ?, size = ?, mtime_ns = ?, ctime_ns = ?, inode = ?, damaged = ? where key = ?`,
    );
    this.#forget = db.prepare('update file set refs = null where key = ?');
  }

  /**
   * @param folder the agent's own folder
   * @param about what tells this memory from others: service, household, device
   */
  static open(folder: string, about: readonly string[]): PushMemory {
    const name = createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 32);
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${name}.sqlite`);
    try {
      return PushMemory.#at(path);
    } catch (error) {
      const code = sqliteCode(error);
      if (code === SQLITE.busy) throw running(error);
      if (code !== undefined && !BROKEN.has(code)) throw memoryFailure(error);
      // Broken, or of another release: it is only a memory.
      for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
      return PushMemory.#at(path);
    }
  }

  static #at(path: string): PushMemory {
    const db = new DatabaseSync(path);
    try {
      prepare(db);
      return new PushMemory(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Nothing was ever pushed: there is everything to read. */
  get isEmpty(): boolean {
    return this.#db.prepare('select 1 from file limit 1').get() === undefined;
  }

  /** The upload that was left open, if any. */
  get openUpload(): UploadId | undefined {
    return this.#value('upload') as UploadId | undefined;
  }

  noteUpload(id: UploadId | undefined): void {
    this.#setValue('upload', id);
  }

  /** Groups what `work` does into one write. */
  batch<T>(work: () => T): T {
    this.#db.exec('begin');
    try {
      const result = work();
      this.#db.exec('commit');
      return result;
    } catch (error) {
      this.#db.exec('rollback');
      throw error;
    }
  }

  /** The file is part of this run. */
  see(found: Sighting, digest: Uint8Array | undefined): void {
    const { path, type, size, mtimeNs, ctimeNs, inode } = found;
    this.#see.run(
      keyOf(path),
      path,
      type === 'file' ? 0 : 1,
      size,
      mtimeNs,
      ctimeNs,
      BigInt.asIntN(64, inode),
      digest ?? null,
      this.#run,
    );
  }

  /** The file's chunks are stored, and this is the state it was read in. */
  learn(found: Sighting, refs: PackedRefs, damaged: boolean): void {
    const { path, size, mtimeNs, ctimeNs, inode } = found;
    this.#learn.run(
      refs,
      size,
      mtimeNs,
      ctimeNs,
      BigInt.asIntN(64, inode),
      damaged ? 1 : 0,
      keyOf(path),
    );
  }

  /** The service lacks chunks of the file: read it again. */
  forget(path: string): void {
    this.#forget.run(keyOf(path));
  }

  totals(): { readonly files: number; readonly bytes: number } {
    const row = this.#db
      .prepare(
        'select count(*) as files, coalesce(sum(size), 0) as bytes from file where run = ? and type = 0',
      )
      .get(this.#run);
    return { files: Number(row?.['files']), bytes: Number(row?.['bytes']) };
  }

  damagedFiles(): number {
    const row = this.#db
      .prepare('select count(*) as n from file where run = ? and damaged = 1')
      .get(this.#run);
    return Number(row?.['n']);
  }

  /** Files of this run whose chunks are known, a page at a time. */
  *known(): Generator<RememberedFile[]> {
    yield* this.#pages('type = 0 and refs is not null');
  }

  /** Files of this run that must be read. What is learned while the pages are used does not come again. */
  *unread(): Generator<RememberedFile[]> {
    yield* this.#pages('type = 0 and refs is null');
  }

  /** Everything of this run, in path order. */
  *all(): Generator<RememberedFile[]> {
    yield* this.#pages('true');
  }

  /** After the commit: what is gone from the folder is forgotten. */
  finish(): void {
    this.#db.prepare('delete from file where run <> ?').run(this.#run);
    this.noteUpload(undefined);
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }

  *#pages(which: string): Generator<RememberedFile[]> {
    // A plain comparison, or SQLite would begin each page at the first key. No key is less than the empty one.
    const page = this.#db.prepare(
      `select key, path, type, size, mtime_ns, ctime_ns, inode, refs, digest from file
        where key >= ? and run = ? and ${which} order by key limit ${String(PAGE)}`,
    );
    page.setReadBigInts(true);
    let from: Uint8Array = new Uint8Array();
    for (;;) {
      const rows = page.all(from, this.#run) as unknown as Row[];
      const last = rows.at(-1);
      if (last === undefined) return;
      yield rows.map(toFile);
      // The very next key there can be.
      from = Buffer.concat([last.key, Buffer.alloc(1)]);
    }
  }

  #value(name: string): string | undefined {
    return this.#db.prepare('select value from fact where name = ?').get(name)?.['value'] as
      string | undefined;
  }

  #setValue(name: string, value: string | undefined): void {
    if (value === undefined) this.#db.prepare('delete from fact where name = ?').run(name);
    else
      this.#db.prepare('insert or replace into fact (name, value) values (?, ?)').run(name, value);
  }
}

/** @throws an Error when the file is no memory of this release */
function prepare(db: DatabaseSync): void {
  // Exclusive: two runs at a time would each forget what the other saw.
  db.exec(
    'pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = normal; pragma cache_size = -16000',
  );
  db.exec('begin immediate; commit');
  const version = db.prepare('pragma user_version').get()?.['user_version'];
  if (version !== 0 && version !== SCHEMA_VERSION) throw new Error('another release wrote this');
  // Damage that shows only later would end every push from now on.
  const found = db.prepare('pragma quick_check(1)').get()?.['quick_check'];
  if (found !== 'ok') throw new Error('damaged');
  db.exec(`
    create table if not exists fact (name text primary key, value text not null) strict;
    create table if not exists file (
      key blob primary key, path text not null, type integer not null, size integer not null, mtime_ns integer not null,
      ctime_ns integer not null, inode integer not null, digest blob, refs blob, damaged integer not null default 0,
      run integer not null) strict, without rowid;
    pragma user_version = ${String(SCHEMA_VERSION)}`);
}

function running(cause: unknown): ArchiveError {
  return new ArchiveError(
    'PUSH_RUNNING',
    'Another push of this device is running on this computer.',
    { cause, hint: 'Wait for it, or stop it and run the command again.' },
  );
}

/** Sorts as `comparePaths` does: SQLite compares blobs byte by byte. */
function keyOf(path: string): Uint8Array {
  return Buffer.from(path.replaceAll('/', '\0'));
}

function toFile(row: Row): RememberedFile {
  return {
    path: row.path,
    type: row.type === 0n ? 'file' : 'folder',
    size: Number(row.size),
    mtimeNs: row.mtime_ns,
    ctimeNs: row.ctime_ns,
    inode: row.inode,
    refs: row.refs ?? undefined,
    digest: row.digest ?? undefined,
  };
}
