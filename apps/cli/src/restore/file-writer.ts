import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { SlabPool, copyInto, passBulk } from '@rootcellar/chunking';
import type { EntryStart, FileChunk, Slab } from '@rootcellar/chunking';
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
  /** All entries up to this path are written: so many files more. */
  readonly onDone: (path: string, more: { readonly files: number; readonly bytes: number }) => void;
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
  readonly #backlog = new Backlog();
  readonly #slabs = new SlabPool(BATCH_BYTES, BATCHES_UNDERWAY);
  /** In path order; the first one not finished holds back what is told as done. */
  #files: OpenFile[] = [];
  #slab: Slab | undefined;
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
    if (this.#used + body.length > BATCH_BYTES || this.#pieces.length === BATCH_PIECES)
      this.#flush();
    this.#backlog.throwIfFailed();
    this.#slab ??= await this.#slabs.take();
    copyInto(new Uint8Array(this.#slab.memory), this.#used, body);
    this.#pieces.push({
      ...{ target: file.target, offset: file.received, id, codec, plainLength },
      at: this.#used,
      bodyLength: body.length,
    });
    this.#used += body.length;
    passBulk(body.length);
    file.received += plainLength;
    if (!this.#batchFiles.has(file)) {
      this.#batchFiles.add(file);
      file.underway += 1;
    }
  }

  /** Resolves when everything is written. */
  async finish(): Promise<void> {
    this.#flush();
    await this.#backlog.drain();
  }

  #flush(): void {
    if (this.#slab === undefined) return;
    this.#backlog.start(this.#place(this.#slab, this.#pieces, this.#batchFiles));
    this.#slab = undefined;
    this.#used = 0;
    this.#pieces = [];
    this.#batchFiles = new Set();
  }

  async #place(
    slab: Slab,
    pieces: readonly PieceToPlace[],
    files: ReadonlySet<OpenFile>,
  ): Promise<void> {
    try {
      const written = await this.#parts.crew.run('placeChunks', { memory: slab.memory, pieces });
      for (const file of files) {
        file.underway -= 1;
        this.#settle(file);
      }
      this.#parts.onWritten(written);
    } finally {
      slab.giveBack();
    }
  }

  #settle(file: OpenFile): void {
    if (file.received < file.size || file.underway > 0) return;
    this.#parts.setModificationTime(file.target, file.mtimeNs);
    let last: OpenFile | undefined;
    let files = 0;
    let bytes = 0;
    for (const candidate of this.#files) {
      if (candidate.received < candidate.size || candidate.underway > 0) break;
      last = candidate;
      files += 1;
      bytes += candidate.size;
    }
    if (last === undefined) return;
    this.#files = this.#files.slice(files);
    this.#parts.onDone(last.path, { files, bytes });
  }
}
