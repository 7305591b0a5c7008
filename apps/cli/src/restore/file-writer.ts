import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import type { EntryStart, FileChunk } from '@rootcellar/chunking';
import type { PieceToPlace } from '../crew/place-chunks.js';
import type { Crew } from '../crew/crew.js';
import { Backlog } from '../push/backlog.js';
import { localPath } from './local-path.js';
import type { FolderTime } from './restore-journal.js';
import type { SetModificationTime } from './set-modification-time.js';

export interface FileWriterParts {
  readonly crew: Crew;
  /** What is written lies below this folder. */
  readonly root: string;
  readonly platform: NodeJS.Platform;
  readonly setModificationTime: SetModificationTime;
  /** All entries up to this path are written. */
  readonly onDone: (path: string) => void;
  readonly onFolder: (folder: FolderTime) => void;
  readonly onWritten: (bytes: number) => void;
}

const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_PIECES = 2000;
const BATCHES_UNDERWAY = 4;

interface OpenFile {
  readonly path: string;
  readonly target: string;
  readonly mtimeNs: bigint;
  readonly size: number;
  /** Bytes that came in. */
  received: number;
  /** Batches that hold pieces of it and are not written yet. */
  underway: number;
}

/** Writes the records of a file stream: bodies are gathered into batches that threads expand, check and write. */
export class FileWriter {
  readonly #parts: FileWriterParts;
  readonly #backlog = new Backlog(BATCHES_UNDERWAY);
  /** In path order; the first one not finished holds back what is told as done. */
  #files: OpenFile[] = [];
  #buffer = new Uint8Array(new ArrayBuffer(BATCH_BYTES));
  #used = 0;
  #pieces: PieceToPlace[] = [];
  #batchFiles = new Set<OpenFile>();

  constructor(parts: FileWriterParts) {
    this.#parts = parts;
  }

  begin(entry: EntryStart): void {
    const { path, mtimeNs, size } = entry;
    const target = localPath(this.#parts.root, path, this.#parts.platform);
    if (entry.type === 'folder') {
      mkdirSync(target, { recursive: true });
      this.#parts.onFolder({ path, mtimeNs });
      return;
    }
    mkdirSync(dirname(target), { recursive: true });
    const file: OpenFile = { path, target, mtimeNs, size, received: 0, underway: 0 };
    this.#files.push(file);
    if (size === 0) {
      closeSync(openSync(target, 'w'));
      this.#settle(file);
    }
  }

  /** Resolves when there is room for more. */
  async chunk(chunk: FileChunk): Promise<void> {
    const file = this.#files.at(-1);
    if (file === undefined) throw new RangeError('a chunk of no file');
    const { id, codec, plainLength, body } = chunk;
    if (this.#used + body.length > this.#buffer.length || this.#pieces.length === BATCH_PIECES)
      await this.#flush();
    this.#buffer.set(body, this.#used);
    this.#pieces.push({
      ...{ target: file.target, offset: file.received, id, codec, plainLength },
      at: this.#used,
      bodyLength: body.length,
    });
    this.#used += body.length;
    file.received += plainLength;
    if (!this.#batchFiles.has(file)) {
      this.#batchFiles.add(file);
      file.underway += 1;
    }
  }

  /** Resolves when everything is written. */
  async finish(): Promise<void> {
    await this.#flush();
    await this.#backlog.drain();
  }

  async #flush(): Promise<void> {
    if (this.#pieces.length === 0) return;
    const pieces = this.#pieces;
    const files = this.#batchFiles;
    const { buffer } = this.#buffer;
    this.#pieces = [];
    this.#batchFiles = new Set();
    this.#buffer = new Uint8Array(new ArrayBuffer(BATCH_BYTES));
    this.#used = 0;
    await this.#backlog.place();
    this.#backlog.start(this.#place(buffer, pieces, files));
  }

  async #place(
    buffer: ArrayBuffer,
    pieces: readonly PieceToPlace[],
    files: ReadonlySet<OpenFile>,
  ): Promise<void> {
    const written = await this.#parts.crew.run('placeChunks', { buffer, pieces }, [buffer]);
    for (const file of files) {
      file.underway -= 1;
      this.#settle(file);
    }
    this.#parts.onWritten(written);
  }

  #settle(file: OpenFile): void {
    if (file.received < file.size || file.underway > 0) return;
    this.#parts.setModificationTime(file.target, file.mtimeNs);
    let last: OpenFile | undefined;
    let finished = 0;
    for (const candidate of this.#files) {
      if (candidate.received < candidate.size || candidate.underway > 0) break;
      last = candidate;
      finished += 1;
    }
    this.#files = finished === 0 ? this.#files : this.#files.slice(finished);
    if (last !== undefined) this.#parts.onDone(last.path);
  }
}
