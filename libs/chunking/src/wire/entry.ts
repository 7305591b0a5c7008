import type { ChunkId } from '@rootcellar/model';

/** One chunk of a file. */
export interface ChunkRef {
  readonly id: ChunkId;
  /** Plain bytes, 1 … 4 MiB. */
  readonly length: number;
}

/** What a list of files says of one of them, but for its chunks. */
export interface EntryHead {
  /** Relative, `/` between the parts; see `isSafeRelativePath`. */
  readonly path: string;
  readonly type: 'file' | 'folder';
  /** Nanoseconds since 1970, a signed 64-bit number. */
  readonly mtimeNs: bigint;
  /** Bytes; 0 for folders. */
  readonly size: number;
}

/** A file or folder with all its chunks in memory. */
export interface FileEntry extends EntryHead {
  readonly refs: readonly ChunkRef[];
}

/** A file of so many chunks that they come a batch at a time. */
export interface LongFileEntry extends EntryHead {
  /** How many refs the batches hold together. */
  readonly chunks: number;
  readonly batches: AsyncIterable<readonly ChunkRef[]> | Iterable<readonly ChunkRef[]>;
}

/** A file's head and its first chunks. `more` records follow until `chunks` refs are given. */
export type EntryStart = EntryHead & {
  readonly record: 'entry';
  readonly chunks: number;
  readonly refs: readonly ChunkRef[];
};

/** Further chunks of the file that was last begun. */
export interface EntryMore {
  readonly record: 'more';
  readonly refs: readonly ChunkRef[];
}

/** What a list of files is made of on the wire, at most {@link REFS_MAX} refs each. */
export type EntryRecord = EntryStart | EntryMore;

/** Most refs of one record. */
export const REFS_MAX = 4096;
export const REF_BYTES = 36;

/** The first byte of every record (docs/protocol.md). */
export const RECORD = { entry: 1, more: 2, chunk: 3, error: 8, end: 9 } as const;
