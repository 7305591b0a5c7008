import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, systemErrorCode } from '../error-code.js';
import { journalName } from './watch-journal.js';

/** What a watched folder's command did last, for who asks from outside. */
export interface WatchStatus {
  readonly version: 1;
  readonly folder: string;
  readonly pid: number;
  /** `waiting`: for the service or a sign-in; `away`: for the folder. */
  readonly state: 'watching' | 'waiting' | 'away' | 'ended';
  /** RFC 3339, as all times here. */
  readonly since: string;
  /** Why it waits. */
  readonly code: string | null;
  readonly startedAt: string;
  /** Kept since it started. */
  readonly kept: number;
  readonly last: LastDeed | null;
}

export interface LastDeed {
  readonly at: string;
  readonly event: string;
  readonly file: string;
  readonly text: string;
}

const MAX_FILES = 1000;
const SUFFIX = '.status.json';

/** The file of one folder, replaced as a whole. That it cannot be written keeps nobody from watching. */
export class StatusFile {
  readonly #folder: string;
  readonly #path: string;
  #written: Promise<void> = Promise.resolve();

  /** @param place the `watch` folder among the settings */
  constructor(place: string, folder: string) {
    this.#folder = place;
    this.#path = join(place, `${journalName([folder])}${SUFFIX}`);
  }

  /** What the command before did last. */
  async read(): Promise<WatchStatus | undefined> {
    return parse(await readFile(this.#path, 'utf8').catch(() => ''));
  }

  /** One after the other: the last one wins. */
  async write(status: WatchStatus): Promise<void> {
    this.#written = this.#written.then(async () => this.#replace(status));
    return this.#written;
  }

  async #replace(status: WatchStatus): Promise<void> {
    const staged = `${this.#path}.${String(process.pid)}`;
    try {
      await mkdir(this.#folder, { recursive: true, mode: 0o700 });
      await writeFile(staged, `${JSON.stringify(status, null, 2)}\n`, { mode: 0o600 });
      await rename(staged, this.#path);
    } catch (error) {
      if (systemErrorCode(error) === undefined) throw error;
      await rm(staged, { force: true }).catch(() => undefined);
    }
  }
}

/** What every watched folder's command said last; what cannot be read is left out. */
export async function readStatuses(place: string): Promise<WatchStatus[]> {
  const names = await readdir(place).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  });
  const found: WatchStatus[] = [];
  for (const name of names.filter((one) => one.endsWith(SUFFIX)).slice(0, MAX_FILES)) {
    const status = parse(await readFile(join(place, name), 'utf8').catch(() => ''));
    if (status !== undefined) found.push(status);
  }
  return found;
}

function parse(text: string): WatchStatus | undefined {
  try {
    const status = JSON.parse(text) as Partial<WatchStatus> | null;
    return status?.version === 1 && typeof status.folder === 'string'
      ? (status as WatchStatus)
      : undefined;
  } catch {
    return undefined;
  }
}
