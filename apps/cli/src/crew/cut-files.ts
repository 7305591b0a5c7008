import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import {
  CHUNK_FRAME_BYTES,
  CHUNK_SIZES,
  SINGLE_CHUNK_BYTES,
  classifyFile,
  copyInto,
  createCutter,
  probeRanges,
} from '@rootcellar/chunking';
import type { Cutter, FileKind } from '@rootcellar/chunking';
import { chunkIdToBytes, sha256 } from '@rootcellar/model';
import { errorCode } from '../error-code.js';
import type { Sighting } from '../push/walk-folder.js';
import { BATCH_MAX_BYTES } from './batch.js';
import type { Batch, BatchChunk } from './batch.js';
import { task } from './task.js';
import type { Done } from './task.js';

/** A file to be read, and the state it must still be in. */
export interface FileToCut extends Pick<Sighting, 'size' | 'mtimeNs' | 'inode'> {
  /** On this computer. */
  readonly source: string;
  /** Whether the SHA-1 of the bytes is wanted. */
  readonly wantSha1: boolean;
  /** Where a chunk has to begin whatever the bytes are: positions in the file, ascending. Files of one chunk stay one. */
  readonly seams?: readonly number[];
}

/** `changed`: not, or not any more, in the state it was seen in; nothing of it counts. */
export type CutStatus = 'ok' | 'changed';

export interface CutFiles extends Omit<Batch, 'memory'> {
  readonly outcomes: readonly {
    readonly status: CutStatus;
    readonly sha1: Uint8Array | undefined;
  }[];
}

export interface FilesToCut {
  readonly memory: SharedArrayBuffer;
  readonly seed: Uint8Array;
  readonly files: readonly FileToCut[];
}

/** Reads files whole, at most BATCH_MAX_BYTES together, and cuts them. */
export const cutFiles = task((input: FilesToCut): Done<CutFiles> => {
  const batch = new BatchBuilder(input.memory);
  const outcomes = input.files.map((file, index) => {
    const bytes =
      file.size <= SINGLE_CHUNK_BYTES
        ? batch.room(file.size)
        : cutterFor(input.seed).buffer.subarray(0, file.size);
    if (!readStill(file, (fd) => readFully(fd, bytes, 0)))
      return { status: 'changed' as const, sha1: undefined };
    const kind = classifyFile({ size: file.size, probe: probeOf(bytes) });
    if (kind === 'single') batch.addInPlace(index, file.size);
    else
      batch.add(index, bytes, {
        lengths: cutAtSeams(cutterFor(input.seed), file, { from: 0, length: file.size, kind }),
        kind,
      });
    return {
      status: 'ok' as const,
      sha1: file.wantSha1 ? createHash('sha1').update(bytes).digest() : undefined,
    };
  });
  return { value: { ...batch.finish(), outcomes } };
});

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
  readonly memory: SharedArrayBuffer;
  readonly seed: Uint8Array;
  readonly file: FileToCut;
  readonly kind: FileKind;
  readonly offset: number;
}

export interface CutPart extends Omit<Batch, 'memory'> {
  readonly status: CutStatus;
  readonly consumed: number;
}

/** Cuts a large file from `offset`; what is behind the last whole chunk comes with the next part, unless the file ends here. */
export const cutPart = task((input: PartToCut): Done<CutPart> => {
  const { file, kind, offset } = input;
  const cutter = cutterFor(input.seed);
  const length = Math.min(BATCH_MAX_BYTES, file.size - offset);
  const bytes = cutter.buffer.subarray(0, length);
  const batch = new BatchBuilder(input.memory);
  if (!readStill(file, (fd) => readFully(fd, bytes, offset))) {
    return { value: { ...batch.finish(), status: 'changed', consumed: 0 } };
  }
  const lengths = cutAtSeams(cutter, file, { from: offset, length, kind });
  batch.add(0, bytes, { lengths, kind });
  const consumed = lengths.reduce((sum, chunk) => sum + chunk, 0);
  return { value: { ...batch.finish(), status: 'ok', consumed } };
});

/** Cuts the part of a file that lies in the cutter's memory; the last chunk may still grow unless the file ends there. */
function cutAtSeams(
  cutter: Cutter,
  { size, seams = [] }: FileToCut,
  part: { readonly from: number; readonly length: number; readonly kind: FileKind },
): number[] {
  const inside = seams.map((at) => at - part.from).filter((at) => at > 0 && at < part.length);
  const lengths: number[] = [];
  let start = 0;
  for (const end of [...inside, part.length]) {
    const final = end < part.length || part.from + part.length === size;
    lengths.push(...cutter.cut(start, end - start, CHUNK_SIZES[part.kind], final));
    start = end;
  }
  return lengths;
}

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

/** One cutter a thread: it owns as much as a batch. */
function cutterFor(seed: Uint8Array): Cutter {
  if (known === undefined || !Buffer.from(known.seed).equals(seed))
    known = { seed, cutter: createCutter(seed, BATCH_MAX_BYTES) };
  return known.cutter;
}

/** Links are never followed, pipes never waited for, not even those that took a file's place a moment ago. Windows has neither flag. */
const { O_NOFOLLOW = 0, O_NONBLOCK = 0 } = constants as {
  readonly O_NOFOLLOW?: number;
  readonly O_NONBLOCK?: number;
};
const OPEN_FLAGS = constants.O_RDONLY | O_NOFOLLOW | O_NONBLOCK;

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
  const code = errorCode(error);
  return code === 'ENOENT' || code === 'ELOOP';
}

function probeOf(bytes: Uint8Array): Uint8Array {
  return Buffer.concat(
    probeRanges(bytes.length).map(({ offset, length }) => bytes.subarray(offset, offset + length)),
  );
}

/** Lays chunks out in a batch's memory, each behind the room for its frame's head. */
class BatchBuilder {
  readonly #memory: Buffer;
  readonly #chunks: BatchChunk[] = [];
  readonly #ids: Buffer[] = [];
  #end = 0;

  constructor(memory: SharedArrayBuffer) {
    this.#memory = Buffer.from(memory);
  }

  /** Where the next chunk's bytes go. */
  room(length: number): Uint8Array {
    const at = this.#end + CHUNK_FRAME_BYTES;
    return this.#memory.subarray(at, at + length);
  }

  /** The next chunk lies in its room already. An empty file has no chunk. */
  addInPlace(file: number, length: number, raw = false): void {
    if (length === 0) return;
    this.#ids.push(chunkIdToBytes(sha256(this.room(length))));
    this.#chunks.push({ file, at: this.#end + CHUNK_FRAME_BYTES, length, raw });
    this.#end += CHUNK_FRAME_BYTES + length;
  }

  add(
    file: number,
    bytes: Uint8Array,
    cuts: { readonly lengths: readonly number[]; readonly kind: FileKind },
  ): void {
    let from = 0;
    for (const length of cuts.lengths) {
      copyInto(this.room(length), 0, bytes.subarray(from, from + length));
      this.addInPlace(file, length, cuts.kind === 'incompressible');
      from += length;
    }
  }

  finish(): Omit<Batch, 'memory'> {
    return { chunks: this.#chunks, ids: Buffer.concat(this.#ids) };
  }
}
