/** What a zstd frame says of itself. */
export interface ZstdFrame {
  /** Bytes from the magic number to the last block or checksum. */
  readonly length: number;
  /** Memory a decoder needs, in bytes. */
  readonly windowSize: number;
  /** Plain bytes, if the frame tells. */
  readonly contentSize: number | undefined;
}

const MAGIC = 0xfd2fb528;
const FIXED_BYTES = 5;
const CONTENT_SIZE_BYTES = [0, 2, 4, 8] as const;
const BLOCK_HEADER_BYTES = 3;
const CHECKSUM_BYTES = 4;
const RLE_BLOCK = 1;
const RESERVED_BLOCK = 3;

/**
 * Walks one zstd frame (RFC 8878 §3.1.1) without expanding it. Node's decoder stops behind the first frame and never
 * mentions what follows, and gives nothing for a skippable frame; so we look first.
 * @returns undefined when the bytes do not begin with a whole frame that needs no dictionary
 */
export function readZstdFrame(bytes: Uint8Array): ZstdFrame | undefined {
  const view = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const header = readHeader(view);
  if (header === undefined) return undefined;
  let at = header.length;
  for (let last = false; !last;) {
    if (at + BLOCK_HEADER_BYTES > view.length) return undefined;
    const block = view.readUIntLE(at, BLOCK_HEADER_BYTES);
    last = (block & 1) === 1;
    const type = (block >> 1) & 3;
    if (type === RESERVED_BLOCK) return undefined;
    at += BLOCK_HEADER_BYTES + (type === RLE_BLOCK ? 1 : block >> 3);
  }
  if (header.checksum) at += CHECKSUM_BYTES;
  if (at > view.length) return undefined;
  return { length: at, windowSize: header.windowSize, contentSize: header.contentSize };
}

interface FrameHeader extends ZstdFrame {
  readonly checksum: boolean;
}

function readHeader(view: Buffer): FrameHeader | undefined {
  if (view.length < FIXED_BYTES || view.readUInt32LE(0) !== MAGIC) return undefined;
  const descriptor = view.readUInt8(4);
  const singleSegment = (descriptor & 0x20) !== 0;
  const reservedOrDictionary = (descriptor & 0x0b) !== 0;
  if (reservedOrDictionary) return undefined;

  const sizeFlag = descriptor >> 6;
  const sizeBytes = sizeFlag === 0 && singleSegment ? 1 : (CONTENT_SIZE_BYTES[sizeFlag] ?? 0);
  const sizeAt = FIXED_BYTES + (singleSegment ? 0 : 1);
  const length = sizeAt + sizeBytes;
  if (view.length < length) return undefined;

  const contentSize = readContentSize(view, sizeAt, sizeBytes);
  const windowSize = singleSegment
    ? (contentSize ?? 0)
    : readWindowSize(view.readUInt8(FIXED_BYTES));
  return { length, windowSize, contentSize, checksum: (descriptor & 0x04) !== 0 };
}

function readContentSize(view: Buffer, at: number, bytes: number): number | undefined {
  if (bytes === 0) return undefined;
  if (bytes === 8) return Number(view.readBigUInt64LE(at));
  // The two-byte form cannot say what the one-byte form can.
  return view.readUIntLE(at, bytes) + (bytes === 2 ? 256 : 0);
}

function readWindowSize(descriptor: number): number {
  const whole = 2 ** (10 + (descriptor >> 3));
  return whole + (whole / 8) * (descriptor & 7);
}
