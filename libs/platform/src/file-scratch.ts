import { createHash } from 'node:crypto';
import { mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import type { Scratch } from '@rootcellar/archive';
import type { Clock } from '@rootcellar/model';

/** Kept of files that nobody uses at the moment. */
const KEEP_BYTES = 4 * 1024 ** 3;
const KEEP_MS = 30 * 60_000;

/** A private folder of files taken out of the vault; emptied at every start, bounded by size and age. */
export class FileScratch implements Scratch {
  readonly #folder: string;
  readonly #clock: Clock;
  readonly #writing = new Map<string, Promise<void>>();
  readonly #users = new Map<string, number>();

  private constructor(folder: string, clock: Clock) {
    this.#folder = folder;
    this.#clock = clock;
  }

  static async open(folder: string, clock: Clock): Promise<FileScratch> {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return new FileScratch(folder, clock);
  }

  async withFile<T>(
    key: string,
    write: (path: string) => Promise<void>,
    use: (path: string) => Promise<T>,
  ): Promise<T> {
    const name = createHash('sha256').update(key).digest('hex');
    const path = join(this.#folder, name);
    this.#users.set(name, (this.#users.get(name) ?? 0) + 1);
    try {
      await this.#obtain(name, path, write);
      const now = this.#clock.now();
      await utimes(path, now, now);
      return await use(path);
    } finally {
      this.#users.set(name, (this.#users.get(name) ?? 1) - 1);
      await this.#sweep();
    }
  }

  /** Two who need the same file wait for one writer. */
  async #obtain(name: string, path: string, write: (path: string) => Promise<void>): Promise<void> {
    const writing = this.#writing.get(name);
    if (writing !== undefined) return writing;
    if ((await stat(path).catch(() => undefined)) !== undefined) return;
    const job = write(`${path}.part`).then(async () => rename(`${path}.part`, path));
    this.#writing.set(name, job);
    try {
      await job;
    } catch (error) {
      await rm(`${path}.part`, { force: true });
      throw error;
    } finally {
      this.#writing.delete(name);
    }
  }

  async #sweep(): Promise<void> {
    const idle = [];
    for (const name of await readdir(this.#folder)) {
      if (name.endsWith('.part') || (this.#users.get(name) ?? 0) > 0) continue;
      const facts = await stat(join(this.#folder, name)).catch(() => undefined);
      if (facts !== undefined) idle.push({ name, size: facts.size, usedAt: facts.mtimeMs });
    }
    idle.sort((a, b) => b.usedAt - a.usedAt);
    let kept = 0;
    for (const file of idle) {
      kept += file.size;
      const old = file.usedAt < this.#clock.now().getTime() - KEEP_MS;
      if (old || kept > KEEP_BYTES) {
        await rm(join(this.#folder, file.name), { force: true });
        this.#users.delete(file.name);
      }
    }
  }
}
