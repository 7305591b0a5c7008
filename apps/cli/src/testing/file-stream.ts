import {
  CHUNK_RECORD_BYTES,
  CODEC,
  encodeEndRecord,
  encodeEntryRecord,
  writeChunkRecord,
} from '@rootcellar/chunking';
import type { EntryStart } from '@rootcellar/chunking';
import { chunkIdToBytes, comparePaths } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';

/** A file stream (docs/protocol.md) of what comes behind `after`, chunks as they are. */
export function fileStream(
  entries: readonly EntryStart[],
  chunks: ReadonlyMap<ChunkId, Buffer>,
  after?: string,
): Buffer {
  const wanted = entries.filter(({ path }) => after === undefined || comparePaths(path, after) > 0);
  const records = wanted.flatMap((entry) => [
    encodeEntryRecord(entry),
    ...entry.refs.map(({ id }) => chunkRecord(id, chunks.get(id) ?? Buffer.alloc(0))),
  ]);
  return Buffer.concat([...records, encodeEndRecord(wanted.length)]);
}

function chunkRecord(id: ChunkId, plain: Buffer): Buffer {
  const record = Buffer.alloc(CHUNK_RECORD_BYTES + plain.length);
  const head = { id: chunkIdToBytes(id), codec: CODEC.plain, plainLength: plain.length };
  writeChunkRecord(record, 0, head, plain);
  return record;
}
