import { createInflateRaw } from 'node:zlib';
import { pipeline } from 'node:stream/promises';
import { Readable, Writable } from 'node:stream';
import type { BlockReader, ZipEntry } from '@rootcellar/zip';
import { dataOffset } from '@rootcellar/zip';

const STORED = 0;
const DEFLATED = 8;
const PIECE_BYTES = 1024 * 1024;
/** The largest executables have some 300 MiB; unpacking takes a second for 200. */
const REACH_MAX_BYTES = 512 * 1024 * 1024;
const RANGE_MAX_BYTES = 4 * 1024 * 1024;

/**
 * Some bytes out of the middle of an entry. What lies before is unpacked and dropped, a piece at a time.
 * @returns undefined when it does not reach so far, is not worth it, or is damaged
 */
export async function readEntryRange(
  blocks: BlockReader,
  entry: ZipEntry,
  { offset, length }: { readonly offset: number; readonly length: number },
): Promise<Buffer | undefined> {
  const end = offset + length;
  if (length > RANGE_MAX_BYTES || end > Math.min(entry.bytes, REACH_MAX_BYTES)) return undefined;
  const start = await dataOffset(blocks, entry);
  if (entry.method === STORED) return blocks.read(start + offset, length);
  if (entry.method !== DEFLATED) return undefined;
  return inflatedRange(pieces(blocks, start, entry.compressedBytes), offset, end);
}

async function* pieces(blocks: BlockReader, start: number, length: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < length; at += PIECE_BYTES)
    yield await blocks.read(start + at, Math.min(PIECE_BYTES, length - at));
}

/** Ends the unpacking once the range is whole. */
async function inflatedRange(
  source: AsyncIterable<Buffer>,
  offset: number,
  end: number,
): Promise<Buffer | undefined> {
  const range = Buffer.alloc(end - offset);
  const whole = new AbortController();
  let at = 0;
  const sink = new Writable({
    write(piece: Buffer, _encoding, done): void {
      const from = Math.max(offset, at);
      const to = Math.min(end, at + piece.length);
      if (from < to) piece.copy(range, from - offset, from - at, to - at);
      at += piece.length;
      if (at >= end) whole.abort();
      done();
    },
  });
  try {
    await pipeline(Readable.from(source), createInflateRaw({ chunkSize: PIECE_BYTES }), sink, {
      signal: whole.signal,
    });
  } catch (error) {
    if (!whole.signal.aborted) {
      const damaged =
        error instanceof Error && 'code' in error && String(error.code).startsWith('Z_');
      if (!damaged) throw error;
    }
  }
  return at >= end ? range : undefined;
}
