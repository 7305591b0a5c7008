import { formatBytes } from '@rootcellar/model';
import type { ArchiveError, Clock } from '@rootcellar/model';
import type { Output } from '../terminal/output.js';
import type { KeptThing } from './keep-candidate.js';
import type { LastDeed, StatusFile, WatchStatus } from './status-file.js';

/** Says what happens to one folder: a line for each thing kept, and once for each that is not; the same goes to the status file. */
export class WatchReport {
  readonly #output: Output;
  readonly #clock: Clock;
  readonly #file: StatusFile;
  /** What was said of which path, so that it is said once. */
  readonly #said = new Map<string, string>();
  #status: WatchStatus;

  constructor(parts: {
    readonly output: Output;
    readonly clock: Clock;
    readonly file: StatusFile;
    readonly folder: string;
  }) {
    this.#output = parts.output;
    this.#clock = parts.clock;
    this.#file = parts.file;
    const now = this.#now();
    this.#status = {
      ...{ version: 1, folder: parts.folder, pid: process.pid, state: 'watching' },
      ...{ since: now, code: null, startedAt: now, kept: 0, last: null },
    };
  }

  async started(): Promise<void> {
    this.#status = { ...this.#status, last: (await this.#file.read())?.last ?? null };
    await this.#file.write(this.#status);
  }

  async kept(file: string, thing: KeptThing): Promise<void> {
    this.#said.delete(file);
    const text = lineOf(thing);
    const event = thing.kind === 'package' ? thing.status : 'pushed';
    this.#output.result(
      { event, at: this.#now(), folder: this.#status.folder, file, ...thing },
      `${file}: ${text}`,
    );
    this.#status = {
      ...this.#status,
      kept: this.#status.kept + (event === 'already-kept' ? 0 : 1),
    };
    await this.#last({ at: this.#now(), event, file, text });
  }

  /** Not kept, until it changes. */
  async refused(file: string, error: ArchiveError): Promise<void> {
    this.#said.set(file, error.code);
    this.#tell('refused', file, error, 'Not kept, and not tried again until it changes.');
    await this.#last({ at: this.#now(), event: 'refused', file, text: error.message });
  }

  /** Not kept now; tried again. Said once for each reason. */
  later(file: string, error: ArchiveError): void {
    if (this.#said.get(file) === error.code) return;
    this.#said.set(file, error.code);
    this.#tell('later', file, error, 'It is tried again later.');
  }

  /** A backup in the folder that nobody asked to push. */
  backupLeft(file: string): void {
    if (this.#said.has(file)) return;
    this.#said.set(file, 'backup');
    this.#output.note(`${file} is a backup: it is kept as well with --backups.`);
  }

  unreadable(path: string, code: string): void {
    if (this.#said.get(path) === code) return;
    this.#said.set(path, code);
    this.#output.error(
      code === 'TOO_MANY'
        ? `${path} holds too much to look at all of it; only a part of it is watched.`
        : `${path} cannot be read (${code}); what is in it is not kept.`,
    );
  }

  /** @param aloud whether this one says it: every folder has its report */
  async waiting(error: ArchiveError, aloud: boolean): Promise<void> {
    const hint = error.hint === undefined ? '' : ` ${error.hint}`;
    if (aloud) {
      this.#event('waiting', { code: error.code });
      this.#output.error(
        `${error.message} [${error.code}]${hint}\nWhat is found waits here, and is tried again.`,
      );
    }
    await this.#state('waiting', error.code);
  }

  async back(aloud: boolean): Promise<void> {
    if (aloud) {
      this.#event('back', {});
      this.#output.note('The service takes packages again.');
    }
    await this.#state('watching', null);
  }

  async folderAway(code: string): Promise<void> {
    if (this.#status.state === 'away' && this.#status.code === code) return;
    const { folder } = this.#status;
    this.#event('folder-away', { folder, code });
    this.#output.error(
      code === 'ENOENT'
        ? `${folder} is not there; it is watched as soon as it is.`
        : `${folder} cannot be read (${code}); it is tried again.`,
    );
    await this.#state('away', code);
  }

  async folderHere(): Promise<void> {
    if (this.#status.state !== 'away') return;
    this.#event('folder-here', { folder: this.#status.folder });
    this.#output.note(`${this.#status.folder} is there again.`);
    await this.#state('watching', null);
  }

  async ended(): Promise<void> {
    await this.#state('ended', null);
  }

  /** Forgets what was said of paths that are gone. */
  keepOnly(seen: ReadonlySet<string>): void {
    for (const path of this.#said.keys()) if (!seen.has(path)) this.#said.delete(path);
  }

  #tell(event: string, file: string, error: ArchiveError, then: string): void {
    const { code, message } = error;
    this.#event(event, { folder: this.#status.folder, file, code, message });
    this.#output.error(`${file}: ${message} [${code}] ${then}`);
  }

  /** With --json every event is a line on standard output. */
  #event(event: string, facts: Readonly<Record<string, unknown>>): void {
    if (this.#output.json) this.#output.result({ event, at: this.#now(), ...facts }, '');
  }

  async #last(last: LastDeed): Promise<void> {
    this.#status = { ...this.#status, last };
    await this.#file.write(this.#status);
  }

  async #state(state: WatchStatus['state'], code: string | null): Promise<void> {
    this.#status = { ...this.#status, state, code, since: this.#now() };
    await this.#file.write(this.#status);
  }

  #now(): string {
    return this.#clock.now().toISOString();
  }
}

function lineOf(thing: KeptThing): string {
  if (thing.kind === 'backup')
    return `snapshot ${thing.snapshotId}, ${String(thing.files)} files, ${formatBytes(thing.sentBytes)} sent`;
  const { status, bundleId, version, build } = thing;
  return `${status === 'added' ? 'kept' : 'was kept before'}, ${bundleId} ${version ?? '–'} (${build ?? '–'})`;
}
