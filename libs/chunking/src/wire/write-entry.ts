import { PATH_MAX_BYTES } from '@rootcellar/model';
import { RECORD, REF_BYTES, REFS_MAX } from './entry.js';
import type { ChunkRef, EntryHead, EntryStart } from './entry.js';
import { writeU64 } from './u64.js';

/** Bytes of an entry record without its path and refs. */
export const ENTRY_FIXED_BYTES = 26;
export const MORE_FIXED_BYTES = 3;
export const END_BYTES = 9;
const TYPE_NUMBER = { file: 0, folder: 1 } as const;

/** Writes all of an entry record but its refs. @returns where it ends */
export function writeEntryHead(
  target: Buffer,
  at: number,
  head: EntryHead,
  refs: { readonly chunks: number; readonly count: number },
): number {
  // A buffer that is too short would cut the path without a word; nobody may call with one.
  const pathBytes = target.write(head.path, at + 4);
  if (pathBytes > PATH_MAX_BYTES) throw new RangeError('a path of more than 4096 bytes');
  target.writeUInt8(RECORD.entry, at);
  target.writeUInt8(TYPE_NUMBER[head.type], at + 1);
  target.writeUInt16LE(pathBytes, at + 2);
  const behind = at + 4 + pathBytes;
  target.writeBigInt64LE(head.mtimeNs, behind);
  writeU64(target, behind + 8, head.size);
  target.writeUInt32LE(refs.chunks, behind + 16);
  return target.writeUInt16LE(assertCount(refs.count), behind + 20);
}

/** Writes all of a more record but its refs. @returns where it ends */
export function writeMoreHead(target: Buffer, at: number, count: number): number {
  target.writeUInt8(RECORD.more, at);
  return target.writeUInt16LE(assertCount(count), at + 1);
}

/** @returns where it ends */
export function writeRef(target: Buffer, at: number, ref: ChunkRef): number {
  if (target.write(ref.id, at, 'hex') !== REF_BYTES - 4) throw new RangeError('no room for a ref');
  return target.writeUInt32LE(ref.length, at + REF_BYTES - 4);
}

/** @returns where it ends */
export function writeEnd(target: Buffer, at: number, entries: number): number {
  target.writeUInt8(RECORD.end, at);
  return writeU64(target, at + 1, entries);
}

/** Record 1, for streams that are put together a record at a time. At most 4,096 refs; the rest go into `more` records. */
export function encodeEntryRecord(entry: Omit<EntryStart, 'record'>): Buffer {
  const { chunks, refs } = entry;
  const size = ENTRY_FIXED_BYTES + Buffer.byteLength(entry.path) + refs.length * REF_BYTES;
  const target = Buffer.allocUnsafe(size);
  writeRefs(target, writeEntryHead(target, 0, entry, { chunks, count: refs.length }), refs);
  return target;
}

/** Record 2. @param refs at most 4,096 */
export function encodeMoreRecord(refs: readonly ChunkRef[]): Buffer {
  const target = Buffer.allocUnsafe(MORE_FIXED_BYTES + refs.length * REF_BYTES);
  writeRefs(target, writeMoreHead(target, 0, refs.length), refs);
  return target;
}

/** Record 9. @param entries how many entry records went before */
export function encodeEndRecord(entries: number): Buffer {
  const target = Buffer.allocUnsafe(END_BYTES);
  writeEnd(target, 0, entries);
  return target;
}

function writeRefs(target: Buffer, from: number, refs: readonly ChunkRef[]): void {
  let at = from;
  for (const ref of refs) at = writeRef(target, at, ref);
}

function assertCount(count: number): number {
  if (count > REFS_MAX) throw new RangeError(`${count} refs in one record; 4096 are the most`);
  return count;
}
