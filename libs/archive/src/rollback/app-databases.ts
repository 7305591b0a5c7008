import { createHash } from 'node:crypto';
import { open, rm } from 'node:fs/promises';
import { foldLog, readDatabaseShape } from '@rootcellar/ios';
import type { DatabaseShape } from '@rootcellar/ios';
import type { HouseholdVault, Recipe } from '@rootcellar/vault';
import type { ReadableSnapshot } from '../ports/root-catalog.js';
import type { Scratch } from '../ports/scratch.js';
import type { AppData } from './app-data.js';
import type { AppFile, DatabasePlace } from './compare-containers.js';

/** A snapshot and the app's data in it. */
export interface DataSide {
  readonly snapshot: ReadableSnapshot;
  readonly data: AppData;
}

/** How one database stood then and stands now. */
export interface ComparedDatabase {
  readonly domain: string;
  readonly path: string;
  /** `unlike`: it is on one side only, or could be read on one side only. */
  readonly state:
    'same-bytes' | 'compared' | 'only-then' | 'only-now' | 'unreadable' | 'not-looked-at';
  readonly then?: DatabaseShape | undefined;
  readonly now?: DatabaseShape | undefined;
}

/** Taken out of the vault for one plan at most. */
const DATABASES_MAX = 64;
const DATABASE_MAX_BYTES = 256 * 1024 * 1024;
const ALL_MAX_BYTES = 1024 * 1024 * 1024;
const MAGIC = Buffer.from('SQLite format 3\0', 'latin1');

interface StoredFile {
  readonly recipe: Recipe;
  readonly size: number;
}

interface StoredDatabase extends StoredFile {
  readonly log: StoredFile | undefined;
}

/** Looks at an app's databases on two sides. What is the same bytes is not taken out of the vault at all. */
export class AppDatabases {
  readonly #scratch: Scratch;
  readonly #vault: HouseholdVault;
  #databases = 0;
  #bytes = 0;

  constructor(parts: { readonly scratch: Scratch; readonly vault: HouseholdVault }) {
    this.#scratch = parts.scratch;
    this.#vault = parts.vault;
  }

  /** Those of the places that are databases. */
  async compare(
    places: readonly DatabasePlace[],
    then: DataSide,
    now: DataSide,
  ): Promise<ComparedDatabase[]> {
    const compared: ComparedDatabase[] = [];
    for (const place of places) {
      const [before, after] = [
        await this.#stored(then, place.then),
        await this.#stored(now, place.now),
      ];
      const one = await this.#compareOne(place, before, after);
      if (one !== undefined) compared.push({ domain: place.domain, path: place.path, ...one });
    }
    return compared;
  }

  async #compareOne(
    place: DatabasePlace,
    before: StoredDatabase | undefined,
    after: StoredDatabase | undefined,
  ): Promise<Omit<ComparedDatabase, 'domain' | 'path'> | undefined> {
    const isOne =
      (before !== undefined && (await this.#isDatabase(before))) ||
      (after !== undefined && (await this.#isDatabase(after)));
    if (!isOne) return undefined;
    if (before === undefined) return { state: 'only-now' };
    if (after === undefined) return { state: 'only-then' };
    if (isSameFile(before, after) && isSameFile(before.log, after.log))
      return { state: 'same-bytes' };
    if (!this.#mayLookAt(before, after)) return { state: 'not-looked-at' };
    const key = `${place.domain}/${place.path}`;
    const [shapeThen, shapeNow] = [
      await this.#shapeOf(key, before),
      await this.#shapeOf(key, after),
    ];
    if (shapeThen === undefined || shapeNow === undefined) return { state: 'unreadable' };
    return { state: 'compared', then: shapeThen, now: shapeNow };
  }

  async #stored(side: DataSide, file: AppFile | undefined): Promise<StoredDatabase | undefined> {
    if (file === undefined) return undefined;
    const stored = await this.#find(side, file);
    if (stored === undefined) return undefined;
    const log = side.data.find(file.domain, `${file.path}-wal`);
    return { ...stored, log: log === undefined ? undefined : await this.#find(side, log) };
  }

  async #find({ snapshot }: DataSide, { fileId }: AppFile): Promise<StoredFile | undefined> {
    const path = `${fileId.slice(0, 2)}/${fileId}`;
    const entry = await this.#vault.trees.find(snapshot.tree, path);
    return entry?.recipe === undefined ? undefined : { recipe: entry.recipe, size: entry.size };
  }

  async #isDatabase({ recipe, size }: StoredFile): Promise<boolean> {
    if (size < MAGIC.length) return false;
    return MAGIC.equals(await this.#vault.files.range(recipe, 0, MAGIC.length));
  }

  #mayLookAt(...stored: readonly StoredDatabase[]): boolean {
    const sizes = stored.map(({ size, log }) => size + (log?.size ?? 0));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    if (sizes.some((size) => size > DATABASE_MAX_BYTES)) return false;
    if (this.#databases + 1 > DATABASES_MAX || this.#bytes + bytes > ALL_MAX_BYTES) return false;
    this.#databases += 1;
    this.#bytes += bytes;
    return true;
  }

  /** By what it consists of: a database that did not change between two plans is taken out once. */
  async #shapeOf(name: string, stored: StoredDatabase): Promise<DatabaseShape | undefined> {
    const content = JSON.stringify([name, stored.recipe.refs, stored.log?.recipe.refs ?? null]);
    const digest = createHash('sha256').update(content).digest('hex');
    return this.#scratch.withFile(
      `database/${digest}`,
      async (path) => this.#takeOut(stored, path),
      readDatabaseShape,
    );
  }

  async #takeOut({ recipe, log }: StoredDatabase, path: string): Promise<void> {
    await this.#write(recipe, path);
    if (log === undefined) return;
    const logPath = `${path}-log`;
    try {
      await this.#write(log.recipe, logPath);
      await foldLog(path, logPath);
    } finally {
      await rm(logPath, { force: true });
    }
  }

  async #write(recipe: Recipe, path: string): Promise<void> {
    await using file = await open(path, 'w', 0o600);
    for await (const bytes of this.#vault.files.stream(recipe)) await file.write(bytes);
  }
}

/** Whether both are the same bytes: equal bytes are cut into equal chunks. */
function isSameFile(a: StoredFile | undefined, b: StoredFile | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return JSON.stringify(a.recipe) === JSON.stringify(b.recipe);
}
