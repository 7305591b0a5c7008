import { createHash } from 'node:crypto';
import { mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import { ArchiveError } from '@rootcellar/model';
import { SQLITE, sqliteCode } from '../push/memory-failure.js';

/** What became of something that was found. `refused`: not to be tried again until it changes. */
export type Outcome = 'kept' | 'already-kept' | 'refused';

export interface JournalEntry {
  readonly path: string;
  /** How it looked when it was done: size, time, inode. */
  readonly stamp: string;
  readonly outcome: Outcome;
  /** Of a package that was kept. */
  readonly sha256?: string | undefined;
  /** Why it was refused. */
  readonly code?: string | undefined;
}

/** What is not there any more is remembered that long: a disk that is away comes back, and is not read anew. */
const REMEMBER_GONE_MS = 30 * 24 * 3_600_000;
/** More than any library has; the ones gone longest are forgotten first. */
const MAX_ENTRIES = 200_000;
const SCHEMA_VERSION = 1;
/** Raise it when more is understood: what was refused by other rules is tried again. */
const RULES = 1;
const BROKEN: ReadonlySet<number> = new Set([SQLITE.error, SQLITE.corrupt, SQLITE.notADatabase]);

/**
 * What a watched folder's files came to, for one sign-in; survives being killed at any moment. While it is open, nobody else
 * opens it: that is the folder's lock, and the system lets go of it when the process ends, however it ends. It may be deleted at any
 * time: then everything is looked at again, and the service knows what it has.
 */
export class WatchJournal implements Disposable {
  readonly #db: DatabaseSync;
  readonly #outcome: StatementSync;
  readonly #note: StatementSync;

  private constructor(db: DatabaseSync) {
    this.#db = db;
    this.#outcome = db.prepare(
      `select outcome from found where path = ? and stamp = ? and (outcome <> 'refused' or rules = ${String(RULES)})`,
    );
    this.#note = db.prepare(
      `insert into found (path, stamp, outcome, sha256, code, rules, gone_at)
         values (?, ?, ?, ?, ?, ${String(RULES)}, null)
       on conflict (path) do update set stamp = excluded.stamp, outcome = excluded.outcome,
         sha256 = excluded.sha256, code = excluded.code, rules = excluded.rules, gone_at = null`,
    );
  }

  /** @param about what tells it from others: service, household, member, folder. @throws ArchiveError WATCH_RUNNING, DATA_UNUSABLE */
  static open(folder: string, about: readonly string[]): WatchJournal {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    const path = join(folder, `${journalName(about)}.sqlite`);
    try {
      return WatchJournal.#at(path);
    } catch (error) {
      const code = sqliteCode(error);
      if (code === SQLITE.busy) throw running(error);
      if (code !== undefined && !BROKEN.has(code)) throw unusable(error);
      for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
      return WatchJournal.#at(path);
    }
  }

  static #at(path: string): WatchJournal {
    const db = new DatabaseSync(path);
    try {
      prepare(db);
      return new WatchJournal(db);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** What became of it, if it looks as it did then. */
  outcomeOf(path: string, stamp: string): Outcome | undefined {
    return this.#outcome.get(path, stamp)?.['outcome'] as Outcome | undefined;
  }

  /** On disk when this returns. */
  note({ path, stamp, outcome, sha256, code }: JournalEntry): void {
    this.#note.run(path, stamp, outcome, sha256 ?? null, code ?? null);
  }

  /**
   * After a look at everything: what was not there is forgotten after a while.
   * @param seen every path that was there
   * @param now milliseconds since 1970
   */
  sweep(seen: ReadonlySet<string>, now: number): void {
    this.#db.exec('begin');
    try {
      const [goes, comes] = [
        this.#db.prepare('update found set gone_at = ? where path = ?'),
        this.#db.prepare('update found set gone_at = null where path = ?'),
      ];
      const rows = this.#db.prepare('select path, gone_at from found').all();
      for (const row of rows as { readonly path: string; readonly gone_at: number | null }[]) {
        if (!seen.has(row.path) && row.gone_at === null) goes.run(now, row.path);
        if (seen.has(row.path) && row.gone_at !== null) comes.run(row.path);
      }
      this.#db.prepare('delete from found where gone_at < ?').run(now - REMEMBER_GONE_MS);
      this.#db
        .prepare(
          `delete from found where gone_at is not null and path in
             (select path from found order by gone_at is null desc, gone_at desc limit -1 offset ?)`,
        )
        .run(MAX_ENTRIES);
      this.#db.exec('commit');
    } catch (error) {
      this.#db.exec('rollback');
      throw error;
    }
  }

  /** How many there are of each outcome. */
  counts(): Readonly<Record<Outcome, number>> {
    const rows = this.#db
      .prepare('select outcome, count(*) as n from found group by outcome')
      .all();
    const found = new Map(rows.map((row) => [row['outcome'], Number(row['n'])]));
    return {
      kept: found.get('kept') ?? 0,
      'already-kept': found.get('already-kept') ?? 0,
      refused: found.get('refused') ?? 0,
    };
  }

  [Symbol.dispose](): void {
    this.#db.close();
  }
}

/** The name a journal and what belongs to it lie under. */
export function journalName(about: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(about)).digest('hex').slice(0, 32);
}

function prepare(db: DatabaseSync): void {
  // Exclusive: the lock. Full: what was noted is not done again after a power cut.
  db.exec('pragma locking_mode = exclusive; pragma journal_mode = wal; pragma synchronous = full');
  db.exec('begin immediate; commit');
  const version = db.prepare('pragma user_version').get()?.['user_version'];
  if (version !== 0 && version !== SCHEMA_VERSION)
    throw Object.assign(new Error('another release wrote this'), {
      code: 'ERR_SQLITE_ERROR',
      errcode: SQLITE.error,
    });
  db.exec(`
    create table if not exists found (
      path text primary key, stamp text not null, outcome text not null, sha256 text, code text,
      rules integer not null, gone_at integer) strict;
    pragma user_version = ${String(SCHEMA_VERSION)}`);
}

function running(cause: unknown): ArchiveError {
  return new ArchiveError(
    'WATCH_RUNNING',
    'Another command on this computer watches this folder already; nothing was done.',
    { cause, hint: '`rootcellar agent status` says whether it is the agent.' },
  );
}

function unusable(cause: unknown): ArchiveError {
  return new ArchiveError(
    'DATA_UNUSABLE',
    'What this command remembers of the watched folder cannot be read or written; nothing was done.',
    { cause, hint: 'The folder `watch` among its settings may be deleted at any time.' },
  );
}
