export { CHUNK_MAX_BYTES } from './limits.js';
export { copyInto } from './memory/copy-into.js';
export { SlabCache } from './memory/slab-cache.js';
export { SlabPool } from './memory/slab-pool.js';
export type { Slab } from './memory/slab-pool.js';
export { passBulk, tuneHeapForBulk } from './memory/tune-heap-for-bulk.js';
export { createCutter } from './cutting/cutter.js';
export type { Cutter } from './cutting/cutter.js';
export { cutStream } from './cutting/cut-stream.js';
export type { ReadInto } from './cutting/cut-stream.js';
export type { ChunkSizes } from './cutting/chunk-sizes.js';
export {
  CHUNK_SIZES,
  classifyFile,
  probeRanges,
  SINGLE_CHUNK_BYTES,
} from './kinds/classify-file.js';
export type { FileKind } from './kinds/classify-file.js';
export { CODEC } from './bodies/codec.js';
export type { Codec } from './bodies/codec.js';
export { decodeBody } from './bodies/decode-body.js';
export { encodeBody } from './bodies/encode-body.js';
export type { EncodedBody } from './bodies/encode-body.js';
export type { ChunkHead } from './wire/chunk-head.js';
export {
  CHUNK_FRAME_BYTES,
  CHUNK_FRAMES_MAX_BYTES,
  readChunkFrames,
  writeChunkFrame,
} from './wire/chunk-frames.js';
export type { ChunkFrame } from './wire/chunk-frames.js';
export { REFS_MAX } from './wire/entry.js';
export type {
  ChunkRef,
  EntryHead,
  EntryMore,
  EntryRecord,
  EntryStart,
  FileEntry,
  LongFileEntry,
} from './wire/entry.js';
export { encodeEndRecord, encodeEntryRecord, encodeMoreRecord } from './wire/write-entry.js';
export { encodeEntries } from './wire/encode-entries.js';
export { readEntryRecords } from './wire/read-entry-records.js';
export { CHUNK_RECORD_BYTES, writeChunkRecord } from './wire/chunk-record.js';
export { encodeErrorRecord } from './wire/error-record.js';
export { readFileRecords } from './wire/read-file-records.js';
export type { FileChunk, FileRecord, FilesEnd } from './wire/read-file-records.js';
export {
  decodeHaveAnswer,
  decodeHaveQuestion,
  encodeHaveAnswer,
  encodeHaveQuestion,
  HAVE_MAX_IDS,
} from './wire/have-lack.js';
