import { closeSync, createReadStream, openSync, rmSync, writeSync } from 'node:fs';
import { uptime } from 'node:os';
import { createInterface } from 'node:readline';

/** A folder whose modification time is set last, when nothing is put into it any more. */
export interface FolderTime {
  readonly path: string;
  readonly mtimeNs: bigint;
}

/** How far a restore is: all files up to and with `after` are written. */
export interface RestoreProgress {
  readonly after: string;
  readonly files: number;
  readonly bytes: number;
}

/** What an interrupted restore left. */
export interface RestoreState {
  readonly written: RestoreProgress | undefined;
  readonly folders: readonly FolderTime[];
}

type Line =
  | { readonly snapshot: string; readonly bootedAt: number }
  | { readonly folder: string; readonly mtimeNs: string }
  | RestoreProgress;

/** Computers tell when they were started only to within seconds. */
const SAME_START_S = 60;

/**
 * How far a restore is, beside the folder it fills, one JSON value a line. What it says is written lies in the file system's hands; it
 * is believed only while the computer was not restarted.
 */
export class RestoreJournal {
  readonly #path: string;
  readonly #fd: number;

  private constructor(path: string, fd: number) {
    this.#path = path;
    this.#fd = fd;
  }

  /** What a journal of this very snapshot tells; `undefined` when there is none to go on from. */
  static async read(
    path: string,
    snapshotId: string,
    now: Date,
  ): Promise<RestoreState | undefined> {
    const folders: FolderTime[] = [];
    let written: RestoreProgress | undefined;
    let fits = false;
    try {
      for await (const text of createInterface({ input: createReadStream(path) })) {
        const line = parseLine(text);
        if (line === undefined) continue;
        if ('snapshot' in line) {
          fits =
            line.snapshot === snapshotId && Math.abs(line.bootedAt - bootedAt(now)) < SAME_START_S;
        } else if ('folder' in line)
          folders.push({ path: line.folder, mtimeNs: BigInt(line.mtimeNs) });
        else written = line;
      }
    } catch {
      // There is none, or it cannot be read: the restore begins anew.
      return undefined;
    }
    return fits ? { written, folders } : undefined;
  }

  /** @param continued the journal goes on; otherwise it begins anew */
  static open(
    path: string,
    snapshotId: string,
    options: { readonly continued: boolean; readonly now: Date },
  ): RestoreJournal {
    const journal = new RestoreJournal(path, openSync(path, options.continued ? 'a' : 'w', 0o600));
    if (options.continued)
      writeSync(journal.#fd, '\n'); // its last line may have been cut off
    else journal.#write({ snapshot: snapshotId, bootedAt: bootedAt(options.now) });
    return journal;
  }

  folder(folder: FolderTime): void {
    this.#write({ folder: folder.path, mtimeNs: String(folder.mtimeNs) });
  }

  written(progress: RestoreProgress): void {
    this.#write(progress);
  }

  close(): void {
    closeSync(this.#fd);
  }

  remove(): void {
    rmSync(this.#path, { force: true });
  }

  #write(line: Line): void {
    const bytes = Buffer.from(`${JSON.stringify(line)}\n`);
    for (let done = 0; done < bytes.length;) done += writeSync(this.#fd, bytes, done);
  }
}

/** `undefined` for a line that was cut off, by a full disk for example: what it would have said is done again. */
function parseLine(text: string): Line | undefined {
  try {
    const line: unknown = JSON.parse(text);
    return typeof line === 'object' && line !== null ? (line as Line) : undefined;
  } catch {
    return undefined;
  }
}

function bootedAt(now: Date): number {
  return Math.round(now.getTime() / 1000 - uptime());
}
