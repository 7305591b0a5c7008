import { CHUNK_ID_BYTES, PATH_MAX_BYTES } from '@rootcellar/model';
import type { ChunkId } from '@rootcellar/model';
import { isUtf8 } from 'node:buffer';
import type { Reading } from './decode-stream.js';
import type { EntryRules } from './entry-rules.js';
import { REF_BYTES, REFS_MAX } from './entry.js';
import type { ChunkRef, EntryHead, EntryMore, EntryStart } from './entry.js';
import { protocolBroken } from './protocol-broken.js';
import { readU64 } from './u64.js';

const TYPES: readonly (EntryHead['type'] | undefined)[] = ['file', 'folder'];

/** What follows the path: mtime, size, chunks, count. */
const NUMBERS_BYTES = 22;

/** Record 1, behind its number. */
export function* readEntry(rules: EntryRules): Reading<EntryStart> {
  const start = yield 3;
  const type = TYPES[start.readUInt8(0)];
  if (type === undefined) throw protocolBroken('an entry is neither file nor folder');
  const at = start.readUInt16LE(1);
  if (at > PATH_MAX_BYTES) throw protocolBroken('a path is longer than 4096 bytes');
  const bytes = yield at + NUMBERS_BYTES;
  const size = readU64(bytes, at + 8);
  if (Number.isNaN(size)) throw protocolBroken('a file is larger than any can be');
  const head = { path: readPath(bytes, at), type, mtimeNs: bytes.readBigInt64LE(at), size };
  const chunks = bytes.readUInt32LE(at + 16);
  rules.entry(head, chunks);
  const refs = yield* readRefs(bytes.readUInt16LE(at + 20), rules);
  return { record: 'entry', ...head, chunks, refs };
}

/** Record 2, behind its number. */
export function* readMore(rules: EntryRules): Reading<EntryMore> {
  rules.more();
  const count = (yield 2).readUInt16LE(0);
  // A sender that gives nothing could go on for ever.
  if (count === 0) throw protocolBroken('a record brings no chunks');
  return { record: 'more', refs: yield* readRefs(count, rules) };
}

/** Record 9, behind its number. @returns the number of entries */
export function* readEnd(rules: EntryRules): Reading<number> {
  const entries = readU64(yield 8, 0);
  rules.end(entries);
  return entries;
}

function* readRefs(count: number, rules: EntryRules): Reading<readonly ChunkRef[]> {
  if (count > REFS_MAX) throw protocolBroken('a record holds more than 4096 chunks');
  if (count === 0) return [];
  const bytes = yield count * REF_BYTES;
  const refs: ChunkRef[] = [];
  for (let at = 0; at < bytes.length; at += REF_BYTES) {
    refs.push({
      id: bytes.toString('hex', at, at + CHUNK_ID_BYTES) as ChunkId,
      length: bytes.readUInt32LE(at + CHUNK_ID_BYTES),
    });
  }
  rules.refs(refs);
  return refs;
}

/** UTF-8, strictly. */
function readPath(bytes: Buffer, length: number): string {
  const path = bytes.toString('utf8', 0, length);
  // Whatever is no UTF-8 has become U+FFFD, which may also have been sent.
  if (path.includes('\ufffd') && !isUtf8(bytes.subarray(0, length))) {
    throw protocolBroken('a path is no UTF-8');
  }
  return path;
}
