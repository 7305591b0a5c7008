import { comparePaths } from '@rootcellar/model';

/** A file of an app in a snapshot. */
export interface AppFile {
  readonly fileId: string;
  readonly domain: string;
  readonly path: string;
  readonly size: number;
}

export interface FileCount {
  readonly files: number;
  readonly bytes: number;
  /** The first of them: `<domain>/<path>`. */
  readonly examples: readonly string[];
}

export interface ContainerChanges {
  /** There now and not then. */
  readonly added: FileCount;
  /** There then and not now. */
  readonly removed: FileCount;
  /** What may be a database, with how it stood on both sides; those that are called like one first. */
  readonly databases: readonly DatabasePlace[];
  /** Possible databases beyond those. */
  readonly moreDatabases: number;
  /** Logs of databases (`-wal`, `-journal`) that are there now and were not then. */
  readonly newLogs: readonly AppFile[];
}

export interface DatabasePlace {
  readonly domain: string;
  readonly path: string;
  readonly then: AppFile | undefined;
  readonly now: AppFile | undefined;
}

const EXAMPLES_MAX = 5;
const DATABASES_MAX = 256;
const LOGS_MAX = 64;

/**
 * What became of an app's files between two snapshots, from two lists in the same order; in memory is what is told, whatever their length.
 * @param then in order of domain, then of `comparePaths`
 * @param now in the same order
 */
export function compareContainers(
  then: Iterable<AppFile>,
  now: Iterable<AppFile>,
): ContainerChanges {
  const added = new Counter();
  const removed = new Counter();
  const candidates = new Candidates();
  const newLogs: AppFile[] = [];
  for (const [before, after] of pairs(then, now)) {
    if (before === undefined && after !== undefined) {
      added.count(after);
      if (LOG.test(after.path) && newLogs.length < LOGS_MAX) newLogs.push(after);
    }
    if (before !== undefined && after === undefined) removed.count(before);
    candidates.note(before, after);
  }
  return { added: added.result, removed: removed.result, ...candidates.result, newLogs };
}

const LOG = /-(wal|journal)$/;

/** The two lists side by side, a file of one name together. */
function* pairs(
  then: Iterable<AppFile>,
  now: Iterable<AppFile>,
): Generator<readonly [AppFile | undefined, AppFile | undefined]> {
  const [older, newer] = [then[Symbol.iterator](), now[Symbol.iterator]()];
  let before = nextOf(older);
  let after = nextOf(newer);
  while (before !== undefined || after !== undefined) {
    const order =
      before === undefined ? 1 : after === undefined ? -1 : comparePlaces(before, after);
    yield [order <= 0 ? before : undefined, order >= 0 ? after : undefined];
    if (order <= 0) before = nextOf(older);
    if (order >= 0) after = nextOf(newer);
  }
}

function nextOf(files: Iterator<AppFile>): AppFile | undefined {
  const next = files.next();
  return next.done === true ? undefined : next.value;
}

function comparePlaces(a: AppFile, b: AppFile): number {
  return comparePaths(a.domain, b.domain) || comparePaths(a.path, b.path);
}

class Counter {
  readonly #examples: string[] = [];
  #files = 0;
  #bytes = 0;

  count({ domain, path, size }: AppFile): void {
    this.#files += 1;
    this.#bytes += size;
    if (this.#examples.length < EXAMPLES_MAX) this.#examples.push(`${domain}/${path}`);
  }

  get result(): FileCount {
    return { files: this.#files, bytes: this.#bytes, examples: this.#examples };
  }
}

const CALLED_DATABASE = /\.(sqlite3?|sqlitedb|db3?|storedata|store|localstorage)$/i;
/** SQLite's smallest page; a database is whole pages. */
const PAGE_BYTES = 512;

class Candidates {
  readonly #called: DatabasePlace[] = [];
  readonly #perhaps: DatabasePlace[] = [];
  #more = 0;

  note(then: AppFile | undefined, now: AppFile | undefined): void {
    const file = then ?? now;
    if (file === undefined || LOG.test(file.path) || file.path.endsWith('-shm')) return;
    if (![then, now].some((one) => one !== undefined && isWholePages(one.size))) return;
    const called = CALLED_DATABASE.test(file.path);
    const list = called ? this.#called : this.#perhaps;
    if (list.length < DATABASES_MAX) list.push({ domain: file.domain, path: file.path, then, now });
    else if (called) this.#more += 1;
  }

  get result(): Pick<ContainerChanges, 'databases' | 'moreDatabases'> {
    const databases = [...this.#called, ...this.#perhaps].slice(0, DATABASES_MAX);
    return { databases, moreDatabases: this.#more };
  }
}

function isWholePages(size: number): boolean {
  return size >= PAGE_BYTES && size % PAGE_BYTES === 0;
}
