import { REF_BYTES, REFS_MAX } from './entry.js';
import type { ChunkRef, FileEntry, LongFileEntry } from './entry.js';
import { END_BYTES, ENTRY_FIXED_BYTES } from './write-entry.js';
import { writeEnd, writeEntryHead, writeMoreHead, writeRef } from './write-entry.js';

/** Most bytes of one buffer of the stream. */
const BUFFER_BYTES = 64 * 1024;
/** UTF-8 has at most three bytes for a UTF-16 unit. */
const BYTES_PER_UNIT = 3;

/**
 * The body of a commit (docs/protocol.md, Entries) in buffers of at most 64 KiB; records may go on in the next one. Memory does
 * not grow with the list, nor with the chunks of a {@link LongFileEntry}. That the entries ascend is the caller's
 * part; the receiver checks it.
 */
export async function* encodeEntries(
  entries: AsyncIterable<FileEntry | LongFileEntry> | Iterable<FileEntry | LongFileEntry>,
): AsyncGenerator<Uint8Array, void, void> {
  const out = new OutgoingBuffer();
  let count = 0;
  for await (const entry of entries) {
    count += 1;
    if ('refs' in entry && out.fits(roomFor(entry, entry.refs))) {
      out.entry(entry, entry.refs.length, entry.refs.length);
      for (const ref of entry.refs) out.ref(ref);
    } else yield* encodeLong(out, entry);
  }
  if (!out.fits(END_BYTES)) yield out.take();
  out.end(count);
  yield out.take();
}

/** Record by record, handing on buffers as they fill. */
async function* encodeLong(
  out: OutgoingBuffer,
  entry: FileEntry | LongFileEntry,
): AsyncGenerator<Uint8Array, void, void> {
  const chunks = 'refs' in entry ? entry.refs.length : entry.chunks;
  let given = 0;
  let begun = false;
  for await (const refs of recordsOf('refs' in entry ? [entry.refs] : entry.batches)) {
    if (!out.fits(roomFor(entry, []))) yield out.take();
    if (begun) out.more(refs.length);
    else out.entry(entry, chunks, refs.length);
    begun = true;
    for (const ref of refs) {
      if (!out.fits(REF_BYTES)) yield out.take();
      out.ref(ref);
    }
    given += refs.length;
  }
  if (!begun) {
    if (!out.fits(roomFor(entry, []))) yield out.take();
    out.entry(entry, chunks, 0);
  }
  if (given !== chunks) throw new RangeError(`${given} refs given, ${chunks} announced`);
}

/** Batches no larger than a record, none empty. */
async function* recordsOf(
  batches: AsyncIterable<readonly ChunkRef[]> | Iterable<readonly ChunkRef[]>,
): AsyncGenerator<readonly ChunkRef[], void, void> {
  for await (const batch of batches) {
    for (let from = 0; from < batch.length; from += REFS_MAX) {
      yield batch.slice(from, from + REFS_MAX);
    }
  }
}

function roomFor(entry: { readonly path: string }, refs: readonly ChunkRef[]): number {
  return ENTRY_FIXED_BYTES + entry.path.length * BYTES_PER_UNIT + refs.length * REF_BYTES;
}

/** A buffer being filled; whoever writes has asked whether it fits. */
class OutgoingBuffer {
  #bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES);
  #used = 0;

  fits(bytes: number): boolean {
    return this.#used + bytes <= BUFFER_BYTES;
  }

  take(): Uint8Array {
    const filled = this.#bytes.subarray(0, this.#used);
    this.#bytes = Buffer.allocUnsafeSlow(BUFFER_BYTES);
    this.#used = 0;
    return filled;
  }

  entry(entry: FileEntry | LongFileEntry, chunks: number, count: number): void {
    this.#used = writeEntryHead(this.#bytes, this.#used, entry, { chunks, count });
  }

  more(count: number): void {
    this.#used = writeMoreHead(this.#bytes, this.#used, count);
  }

  ref(ref: ChunkRef): void {
    this.#used = writeRef(this.#bytes, this.#used, ref);
  }

  end(entries: number): void {
    this.#used = writeEnd(this.#bytes, this.#used, entries);
  }
}
