import type { UploadId } from '@rootcellar/model';
import type { UploadCatalog, UploadProgress, UploadTotals } from '../ports/upload-catalog.js';

interface Note {
  readonly progress: UploadProgress;
  /** What the upload has by then; undefined when it is not open. */
  readonly written: Promise<UploadTotals | undefined>;
}

/**
 * Notes what uploads brought. Bodies come faster than rows are durable: what comes while a note of the same upload is being written
 * goes into the next one together, and each sender waits for the note that names theirs.
 */
export class TrafficNotes {
  readonly #uploads: Pick<UploadCatalog, 'touch'>;
  readonly #writing = new Map<UploadId, Promise<UploadTotals | undefined>>();
  readonly #gathering = new Map<UploadId, Note>();

  constructor(uploads: Pick<UploadCatalog, 'touch'>) {
    this.#uploads = uploads;
  }

  /** @returns what the upload has by then; undefined when it has ended: nothing was noted */
  async note(id: UploadId, progress: UploadProgress): Promise<UploadTotals | undefined> {
    const gathered = this.#gathering.get(id);
    const writing = this.#writing.get(id);
    if (gathered === undefined && writing === undefined) return this.#write(id, progress);
    const written = gathered?.written ?? this.#writeAfter(id, writing);
    this.#gathering.set(id, { progress: sum(gathered?.progress, progress), written });
    return written;
  }

  async #writeAfter(
    id: UploadId,
    writing: Promise<unknown> | undefined,
  ): Promise<UploadTotals | undefined> {
    // Its failure is told to those whose traffic it was.
    await writing?.catch(() => undefined);
    const note = this.#gathering.get(id);
    this.#gathering.delete(id);
    return note && this.#write(id, note.progress);
  }

  async #write(id: UploadId, progress: UploadProgress): Promise<UploadTotals | undefined> {
    const writing = this.#uploads.touch(id, progress);
    this.#writing.set(id, writing);
    try {
      return await writing;
    } finally {
      if (this.#writing.get(id) === writing) this.#writing.delete(id);
    }
  }
}

function sum(one: UploadProgress | undefined, other: UploadProgress): UploadProgress {
  return {
    sentBytes: (one?.sentBytes ?? 0) + other.sentBytes,
    newBytes: (one?.newBytes ?? 0) + other.newBytes,
    storedBytes: (one?.storedBytes ?? 0) + other.storedBytes,
    shown: [...(one?.shown ?? []), ...(other.shown ?? [])],
  };
}
