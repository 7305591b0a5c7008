import { constants, crc32, inflateRawSync } from 'node:zlib';
import type { BlockReader } from './block-reader.js';
import { notZip, packageTooLarge } from './zip-errors.js';
import type { ZipEntry } from './zip-directory.js';

const STORED = 0;
const DEFLATED = 8;
const LOCAL_HEADER_BYTES = 30;
const LOCAL_HEADER_SIGNATURE = 0x04034b50;
/** Deflate cannot shrink further than 1032 : 1, so that this inflates to 17 MiB at the very most. */
const HEAD_COMPRESSED_BYTES = 16 * 1024;
const HEAD_MAX_BYTES = 17 * 1024 * 1024;

/**
 * Reads one entry whole and checks its length and CRC-32. What it says of its own size is checked before anything is
 * allocated, and inflating stops at `maxBytes` whatever it says.
 *
 * @throws ArchiveError PACKAGE_TOO_LARGE, PACKAGE_NOT_ZIP
 */
export async function readZipEntry(
  blocks: BlockReader,
  entry: ZipEntry,
  maxBytes: number,
): Promise<Buffer> {
  if (entry.bytes > maxBytes || entry.compressedBytes > maxBytes)
    throw packageTooLarge('larger property lists', maxBytes);
  const body = await blocks.read(await dataOffset(blocks, entry), entry.compressedBytes);
  const bytes =
    entry.method === STORED ? body : inflate(entry, body, { maxOutputLength: maxBytes });
  if (bytes.length !== entry.bytes || crc32(bytes) !== entry.crc32)
    throw notZip('holds an entry that is damaged');
  return bytes;
}

/**
 * Reads the first bytes of an entry, some 16 KiB or more, inflating no more than it must; nothing where it is packed
 * by a method we do not unpack.
 *
 * @throws ArchiveError PACKAGE_NOT_ZIP
 */
export async function readZipEntryHead(blocks: BlockReader, entry: ZipEntry): Promise<Buffer> {
  if (entry.method !== STORED && entry.method !== DEFLATED) return Buffer.alloc(0);
  const length = Math.min(entry.compressedBytes, HEAD_COMPRESSED_BYTES);
  const body = await blocks.read(await dataOffset(blocks, entry), length);
  if (entry.method === STORED) return body;
  return inflate(entry, body, {
    maxOutputLength: HEAD_MAX_BYTES,
    finishFlush: constants.Z_SYNC_FLUSH,
  });
}

/** Where the bytes of an entry begin. @throws ArchiveError PACKAGE_NOT_ZIP */
export async function dataOffset(blocks: BlockReader, { offset }: ZipEntry): Promise<number> {
  const header = await blocks.read(offset, LOCAL_HEADER_BYTES);
  if (header.readUInt32LE(0) !== LOCAL_HEADER_SIGNATURE)
    throw notZip('holds an entry that is not where its directory says');
  return offset + LOCAL_HEADER_BYTES + header.readUInt16LE(26) + header.readUInt16LE(28);
}

interface InflateBounds {
  readonly maxOutputLength: number;
  readonly finishFlush?: number;
}

function inflate(entry: ZipEntry, body: Buffer, bounds: InflateBounds): Buffer {
  if (entry.method !== DEFLATED) throw notZip('is packed by a method no device unpacks');
  try {
    return inflateRawSync(body, bounds);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ERR_BUFFER_TOO_LARGE')
      throw packageTooLarge('larger property lists', bounds.maxOutputLength);
    if (code?.startsWith('Z_') === true) throw notZip('holds an entry that is damaged', error);
    throw error;
  }
}
