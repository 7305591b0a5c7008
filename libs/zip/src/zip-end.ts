import type { BlockReader } from './block-reader.js';
import { notZip } from './zip-errors.js';

const END_BYTES = 22;
const MAX_COMMENT_BYTES = 0xffff;
const END_SIGNATURE = 0x06054b50;
/** The offset is in zip64's record instead. */
const IN_ZIP64 = 0xffff_ffff;

/**
 * Where the central directory begins: what Android puts its signatures before. Undefined for zip64, which no signed package is.
 *
 * @throws ArchiveError PACKAGE_NOT_ZIP
 */
export async function centralDirectoryOffset(blocks: BlockReader): Promise<number | undefined> {
  const length = Math.min(blocks.size, END_BYTES + MAX_COMMENT_BYTES);
  const tail = await blocks.read(blocks.size - length, length);
  for (let at = tail.length - END_BYTES; at >= 0; at -= 1) {
    if (tail.readUInt32LE(at) !== END_SIGNATURE) continue;
    if (tail.readUInt16LE(at + 20) !== tail.length - at - END_BYTES) continue;
    const offset = tail.readUInt32LE(at + 16);
    if (offset === IN_ZIP64) return undefined;
    if (offset > blocks.size) throw notZip('is cut off');
    return offset;
  }
  throw notZip('is no zip archive or is cut off');
}
