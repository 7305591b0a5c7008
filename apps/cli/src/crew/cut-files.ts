import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { CHUNK_SIZES, classifyFile, createCutter, probeRanges } from '@rootcellar/chunking';
import type { Cutter, FileKind } from '@rootcellar/chunking';
import { CHUNK_ID_BYTES, chunkIdToBytes, sha256 } from '@rootcellar/model';
import type { Sighting } from '../push/walk-folder.js';
import { task } from './task.js';
import type { Done } from './task.js';

/** A file to be read, and the state it must still be in. */
export interface FileToCut extends Pick<Sighting, 'size' | 'mtimeNs' | 'inode'> {
  /** On this computer. */
  readonly source: string;
  /** Whether the SHA-1 of the bytes is wanted. */
  readonly wantSha1: boolean;
}

/** `changed`: not, or not any more, in the state it was seen in; nothing of it counts. */
export type CutStatus = 'ok' | 'changed';

/** Chunks of one or several files, with their bytes. */
export interface CutBatch {
  /** Plain bytes, one chunk behind the other. */
  readonly data: ArrayBuffer;
  /** FIELDS numbers a chunk: file index, offset in `data`, length, 1 if incompressible. */
  readonly chunks: Uint32Array<ArrayBuffer>;
  /** 32 bytes a chunk. */
  readonly ids: Uint8Array<ArrayBuffer>;
}

export const FIELDS = 4;

/** Files that are read whole must fit: the cutter's memory. */
export const BATCH_MAX_BYTES = 8 * 1024 * 1024;

export interface CutFiles extends CutBatch {
  readonly outcomes: readonly {
    readonly status: CutStatus;
    readonly sha1: Uint8Array | undefined;
  }[];
}

/** Reads small files whole, at most BATCH_MAX_BYTES together, and cuts them. */
export const cutFiles = task(
  (input: { readonly seed: Uint8Array; readonly files: readonly FileToCut[] }): Done<CutFiles> => {
    const cutter = cutterFor(input.seed);
    const batch = new BatchBuilder(cutter);
    const outcomes = input.files.map((file, index) => {
      const start = batch.end;
      const bytes = cutter.buffer.subarray(start, start + file.size);
      if (!readStill(file, (fd) => readFully(fd, bytes, 0)))
        return { status: 'changed' as const, sha1: undefined };
      const kind = classifyFile({ size: file.size, probe: probeOf(bytes) });
      batch.add(index, cutter.cut(start, file.size, CHUNK_SIZES[kind], true), kind);
      return {
        status: 'ok' as const,
        sha1: file.wantSha1 ? createHash('sha1').update(bytes).digest() : undefined,
      };
    });
    const { result, buffers } = batch.finish();
    return { value: { ...result, outcomes }, transfer: buffers };
  },
);

/** What kind of file a large one is; decides how it is cut. */
export const probe = task((file: FileToCut): Done<FileKind | 'changed'> => {
  const ranges = probeRanges(file.size);
  const sample = new Uint8Array(ranges.reduce((sum, { length }) => sum + length, 0));
  const whole = readStill(file, (fd) => {
    let at = 0;
    return ranges.every(({ offset, length }) => {
      const read = readFully(fd, sample.subarray(at, at + length), offset);
      at += length;
      return read;
    });
  });
  return { value: whole ? classifyFile({ size: file.size, probe: sample }) : 'changed' };
});

export interface PartToCut {
  readonly seed: Uint8Array;
  readonly file: FileToCut;
  readonly kind: FileKind;
  readonly offset: number;
}

export interface CutPart extends CutBatch {
  readonly status: CutStatus;
  readonly consumed: number;
}

/** Cuts a large file from `offset`; what is behind the last whole chunk comes with the next part, unless the file ends here. */
export const cutPart = task((input: PartToCut): Done<CutPart> => {
  const { file, kind, offset } = input;
  const cutter = cutterFor(input.seed);
  const batch = new BatchBuilder(cutter);
  const length = Math.min(BATCH_MAX_BYTES, file.size - offset);
  const final = offset + length === file.size;
  const whole = readStill(file, (fd) => readFully(fd, cutter.buffer.subarray(0, length), offset));
  if (whole) batch.add(0, cutter.cut(0, length, CHUNK_SIZES[kind], final), kind);
  const consumed = batch.end;
  const { result, buffers } = batch.finish();
  return { value: { ...result, status: whole ? 'ok' : 'changed', consumed }, transfer: buffers };
});

/** Digest of a large file, read once more in a row: its parts were read by several threads. */
export const hashFile = task(
  ({
    file,
    algorithm,
  }: {
    readonly file: FileToCut;
    readonly algorithm: 'sha1' | 'sha256';
  }): Done<Uint8Array | undefined> => {
    const digest = createHash(algorithm);
    const buffer = new Uint8Array(1024 * 1024);
    const whole = readStill(file, (fd) => {
      for (let at = 0; at < file.size; at += buffer.length) {
        const piece = buffer.subarray(0, Math.min(buffer.length, file.size - at));
        if (!readFully(fd, piece, at)) return false;
        digest.update(piece);
      }
      return true;
    });
    return { value: whole ? digest.digest() : undefined };
  },
);

let known: { readonly seed: Uint8Array; readonly cutter: Cutter } | undefined;

/** One cutter a thread: it owns 8 MiB. */
function cutterFor(seed: Uint8Array): Cutter {
  if (known === undefined || !Buffer.from(known.seed).equals(seed))
    known = { seed, cutter: createCutter(seed, BATCH_MAX_BYTES) };
  return known.cutter;
}

/** Links are never followed, not even one that took a file's place a moment ago. */
const OPEN_FLAGS = constants.O_RDONLY | ((constants as { O_NOFOLLOW?: number }).O_NOFOLLOW ?? 0);

/** Reads a file only if it is, before and after, in the state it was seen in. */
function readStill(file: FileToCut, read: (fd: number) => boolean): boolean {
  let fd: number;
  try {
    fd = openSync(file.source, OPEN_FLAGS);
  } catch (error) {
    if (isGone(error)) return false;
    throw error;
  }
  try {
    return isStill(fd, file) && read(fd) && isStill(fd, file);
  } finally {
    closeSync(fd);
  }
}

function isStill(fd: number, file: FileToCut): boolean {
  const { size, mtimeNs, ino } = fstatSync(fd, { bigint: true });
  return (
    Number(size) === file.size &&
    mtimeNs === file.mtimeNs &&
    BigInt.asIntN(64, ino) === BigInt.asIntN(64, file.inode)
  );
}

function readFully(fd: number, into: Uint8Array, position: number): boolean {
  let filled = 0;
  while (filled < into.length) {
    const read = readSync(fd, into, filled, into.length - filled, position + filled);
    if (read === 0) return false;
    filled += read;
  }
  return true;
}

function isGone(error: unknown): boolean {
  return (
    error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ELOOP')
  );
}

function probeOf(bytes: Uint8Array): Uint8Array {
  return Buffer.concat(
    probeRanges(bytes.length).map(({ offset, length }) => bytes.subarray(offset, offset + length)),
  );
}

/** Collects chunks that lie in the cutter's memory. */
class BatchBuilder {
  readonly #cutter: Cutter;
  readonly #chunks: number[] = [];
  readonly #ids: Buffer[] = [];
  #end = 0;

  constructor(cutter: Cutter) {
    this.#cutter = cutter;
  }

  /** Where the next file's bytes go. */
  get end(): number {
    return this.#end;
  }

  add(file: number, lengths: readonly number[], kind: FileKind): void {
    for (const length of lengths) {
      const plain = this.#cutter.buffer.subarray(this.#end, this.#end + length);
      this.#chunks.push(file, this.#end, length, kind === 'incompressible' ? 1 : 0);
      this.#ids.push(chunkIdToBytes(sha256(plain)));
      this.#end += length;
    }
  }

  finish(): { result: CutBatch; buffers: ArrayBuffer[] } {
    const data = this.#cutter.buffer.slice(0, this.#end).buffer;
    const chunks = Uint32Array.from(this.#chunks);
    const ids = new Uint8Array(this.#ids.length * CHUNK_ID_BYTES);
    this.#ids.forEach((id, at) => ids.set(id, at * CHUNK_ID_BYTES));
    return { result: { data, chunks, ids }, buffers: [data, chunks.buffer, ids.buffer] };
  }
}
