import { chunkIdFromBytes } from '@rootcellar/model';
import type { ArchiveError, ChunkId } from '@rootcellar/model';
import type { Codec } from '../bodies/codec.js';
import { bytesView } from '../bytes-view.js';
import { CHUNK_HEAD_BYTES, readChunkHead } from './chunk-head.js';
import { decodeStream } from './decode-stream.js';
import type { Grammar, Reading } from './decode-stream.js';
import { EntryRules } from './entry-rules.js';
import { RECORD } from './entry.js';
import type { ChunkRef, EntryRecord } from './entry.js';
import { readErrorRecord } from './error-record.js';
import { protocolBroken } from './protocol-broken.js';
import { readEnd, readEntry, readMore } from './read-entry.js';

/** The bytes of one ref, in the order of the refs. */
export interface FileChunk {
  readonly record: 'chunk';
  readonly id: ChunkId;
  readonly codec: Codec;
  readonly plainLength: number;
  /**
   * A view of the piece the source gave where one piece holds it all, else a buffer of its own. Good as long as the
   * source leaves its pieces alone.
   */
  readonly body: Uint8Array;
}

export interface FilesEnd {
  readonly record: 'end';
  readonly entries: number;
}

export type FileRecord = EntryRecord | FileChunk | FilesEnd;

/**
 * The records of a file stream (docs/protocol.md), each checked as in `readEntryRecords`; chunks come right behind the record
 * whose refs they are, and are those. Expanding a body and checking its SHA-256 is left to the reader, who may do it in
 * other threads. Memory: one record, so at most one chunk.
 * @throws ArchiveError PROTOCOL_BROKEN, or what an error record tells (an unknown code as INTERNAL)
 */
export function readFileRecords(
  source: AsyncIterable<Uint8Array>,
): AsyncGenerator<FileRecord, void, void> {
  return decodeStream(source, filesGrammar());
}

function* filesGrammar(): Grammar<FileRecord> {
  const rules = new EntryRules('PROTOCOL_BROKEN');
  for (;;) {
    const record = (yield 1).readUInt8(0);
    if (record === RECORD.entry || record === RECORD.more) {
      const entry = yield* record === RECORD.entry ? readEntry(rules) : readMore(rules);
      yield entry;
      for (const ref of entry.refs) yield yield* readChunk(ref);
    } else if (record === RECORD.end) {
      yield { record: 'end', entries: yield* readEnd(rules) };
      return;
    } else throw yield* readFailure(record);
  }
}

function* readChunk(ref: ChunkRef): Reading<FileChunk> {
  const record = (yield 1).readUInt8(0);
  if (record !== RECORD.chunk) throw yield* readFailure(record);
  const { id: idBytes, codec, plainLength, bodyLength } = readChunkHead(yield CHUNK_HEAD_BYTES, 0);
  const id = chunkIdFromBytes(idBytes);
  if (id !== ref.id || plainLength !== ref.length) {
    throw protocolBroken('a chunk is not the one that was announced');
  }
  return { record: 'chunk', id, codec, plainLength, body: bytesView(yield bodyLength) };
}

/** Instead of any record: the sender's reason to stop. */
function* readFailure(record: number): Reading<ArchiveError> {
  if (record !== RECORD.error) {
    return protocolBroken('a record has a number that cannot come here', { details: { record } });
  }
  const length = (yield 2).readUInt16LE(0);
  return readErrorRecord(yield length);
}
