import type { DatabaseSync, SQLInputValue, SQLOutputValue } from 'node:sqlite';
import { asManifestError, manifestDamaged, readingManifest } from './manifest-errors.js';
import { ROW_COLUMNS, manifestRow, safeDomain } from './manifest-row.js';
import type { ManifestRow } from './manifest-row.js';
import { PATH_KEY } from './open-database.js';

/** Which rows: all of them, one domain, or what lies at and below a path of it. */
export interface ManifestSelection {
  readonly domain?: string | undefined;
  /** A whole path without a slash at its end: `Library/SMS` means it and `Library/SMS/…`, never `Library/SMS2`. */
  readonly pathPrefix?: string | undefined;
}

export interface FilesQuery extends ManifestSelection {
  /** Only rows whose fileID comes after this one: where a run goes on. */
  readonly after?: string | undefined;
}

/** The place of a row in the order of {@link Manifest.page}. */
export interface ManifestCursor {
  readonly domain: string;
  readonly relativePath: string;
  readonly fileId: string;
}

export interface ManifestPageQuery extends ManifestSelection {
  readonly after?: ManifestCursor | undefined;
  /** 1 … 1000. */
  readonly limit: number;
}

export interface ManifestPage {
  readonly rows: readonly ManifestRow[];
  /** Where the next page begins; `undefined` after the last. */
  readonly next: ManifestCursor | undefined;
}

export interface ManifestDomain {
  readonly domain: string;
  /** Files, folders and links. */
  readonly entries: number;
  readonly files: number;
}

export const PAGE_LIMIT = 1000;

/** An open Manifest.db, for reading alone. Queries run at once and block until they are done. */
export class Manifest implements Disposable {
  readonly #database: DatabaseSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /**
   * Streams rows in strictly ascending order of fileID, which is also the order of the payloads on disk.
   *
   * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE while iterated
   */
  *files(query: FilesQuery = {}): Generator<ManifestRow, void, undefined> {
    const where = new Conditions(query);
    if (query.after !== undefined) where.add('fileID > ?', query.after);
    let last = '';
    try {
      for (const values of this.#iterate(`${where.sql} ORDER BY fileID`, where.values)) {
        const row = manifestRow(values);
        if (row.fileId <= last) throw manifestDamaged('lists its files out of order');
        last = row.fileId;
        yield row;
      }
    } catch (error) {
      throw asManifestError(error);
    }
  }

  /**
   * For browsing: rows by domain, then path (bytes of UTF-8), a page at a time.
   *
   * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE
   */
  page(query: ManifestPageQuery): ManifestPage {
    const { after } = query;
    const limit = Math.max(1, Math.min(PAGE_LIMIT, Math.floor(query.limit)));
    const where = new Conditions(query);
    if (after !== undefined) {
      where.add(
        '(domain, relativePath, fileID) > (?, ?, ?)',
        after.domain,
        after.relativePath,
        after.fileId,
      );
    }
    const order = 'ORDER BY domain, relativePath, fileID LIMIT ?';
    return readingManifest(() => {
      const values = this.#iterate(`${where.sql} ${order}`, [...where.values, limit + 1]);
      const rows = Array.from(values, manifestRow);
      return {
        rows: rows.slice(0, limit),
        next: rows.length > limit ? cursorOf(rows[limit - 1]) : undefined,
      };
    });
  }

  /**
   * Streams rows as a tree of files is walked: by domain, then part by part of the path, so that a folder comes right before
   * what is in it (`comparePaths` of the model). Sorting happens inside of SQLite.
   *
   * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE while iterated
   */
  *inPathOrder(selection: ManifestSelection): Generator<ManifestRow, void, undefined> {
    const where = new Conditions(selection);
    try {
      const order = `ORDER BY domain, ${PATH_KEY}(relativePath), fileID`;
      for (const values of this.#iterate(`${where.sql} ${order}`, where.values)) {
        yield manifestRow(values);
      }
    } catch (error) {
      throw asManifestError(error);
    }
  }

  /**
   * The domains in order, with how much is in each.
   *
   * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE
   */
  domains(after?: string, limit: number = PAGE_LIMIT): ManifestDomain[] {
    const where = new Conditions({});
    if (after !== undefined) where.add('domain > ?', after);
    const sql = `SELECT domain, count(*), sum(flags = 1) FROM Files ${where.sql} GROUP BY domain ORDER BY domain LIMIT ?`;
    return readingManifest(() =>
      Array.from(this.#rows(sql, [...where.values, limit]), ([domain, entries, files]) => ({
        domain: safeDomain(domain),
        entries: Number(entries),
        files: Number(files),
      })),
    );
  }

  /**
   * The names of all domains, in order: much sooner than {@link domains}, as the index alone has them.
   *
   * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE
   */
  domainNames(): string[] {
    return readingManifest(() =>
      Array.from(this.#rows('SELECT DISTINCT domain FROM Files ORDER BY domain', []), ([domain]) =>
        safeDomain(domain),
      ),
    );
  }

  /**
   * The row of one file.
   *
   * @throws ArchiveError BACKUP_MANIFEST_DAMAGED, BACKUP_PATH_UNSAFE
   */
  row(fileId: string): ManifestRow | undefined {
    return readingManifest(() => {
      const [values] = Array.from(this.#iterate('WHERE fileID = ? LIMIT 1', [fileId]));
      return values === undefined ? undefined : manifestRow(values);
    });
  }

  /** How many rows there are, of every type. */
  count(): number {
    return readingManifest(() =>
      Number([...this.#rows('SELECT count(*) FROM Files', [])][0]?.[0] ?? 0),
    );
  }

  close(): void {
    this.#database.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #iterate(clauses: string, values: readonly SQLInputValue[]): Iterable<SQLOutputValue[]> {
    return this.#rows(`SELECT ${ROW_COLUMNS} FROM Files ${clauses}`, values);
  }

  /** The database was opened with `returnArrays`, which the types do not know. */
  #rows(sql: string, values: readonly SQLInputValue[]): Iterable<SQLOutputValue[]> {
    return this.#database.prepare(sql).iterate(...values) as unknown as Iterable<SQLOutputValue[]>;
  }
}

/** The WHERE clause of a query, built up. */
class Conditions {
  readonly values: SQLInputValue[] = [];
  readonly #terms: string[] = [];

  constructor({ domain, pathPrefix }: ManifestSelection) {
    if (domain !== undefined) this.add('domain = ?', domain);
    if (pathPrefix === undefined || pathPrefix === '') return;
    // '0' is the character after '/': the range is everything below the path, and an index can serve it.
    const below = '(relativePath = ? OR (relativePath >= ? AND relativePath < ?))';
    this.add(below, pathPrefix, `${pathPrefix}/`, `${pathPrefix}0`);
  }

  add(term: string, ...values: readonly SQLInputValue[]): void {
    this.#terms.push(term);
    this.values.push(...values);
  }

  get sql(): string {
    return this.#terms.length === 0 ? '' : `WHERE ${this.#terms.join(' AND ')}`;
  }
}

function cursorOf(row: ManifestRow | undefined): ManifestCursor | undefined {
  if (row === undefined) return undefined;
  const { domain, relativePath, fileId } = row;
  return { domain, relativePath, fileId };
}
