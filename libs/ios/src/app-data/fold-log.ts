import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/**
 * Format and checksums of a write-ahead log: https://www.sqlite.org/fileformat2.html#the_write_ahead_log
 */
const HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;
const MAGIC = 0x377f0682;
/** A page is at most 64 KiB. */
const MAX_PAGE_BYTES = 65_536;

interface Log {
  readonly handle: FileHandle;
  readonly bytes: number;
  readonly pageBytes: number;
  /** Whether checksums take words as big-endian. */
  readonly bigEndian: boolean;
  readonly salts: Buffer;
  readonly checksum: Checksum;
}

/** The newest committed page of each number, and how many pages the database has then. */
interface Committed {
  readonly offsets: ReadonlyMap<number, number>;
  readonly pages: number;
}

/**
 * Writes what a write-ahead log has committed into a copy of its database, as SQLite would do at the next start. Done here, so that
 * a database from nobody knows where never has to be opened for writing.
 *
 * @param copyPath a copy of the database that may be changed
 * @returns how many pages were taken over; 0 for a log with nothing that holds
 */
export async function foldLog(copyPath: string, logPath: string): Promise<number> {
  await using handle = await open(logPath, 'r');
  const log = await readHeader(handle);
  if (log === undefined) return 0;
  const committed = await committedPages(log);
  if (committed === undefined) return 0;
  await using copy = await open(copyPath, 'r+');
  const page = Buffer.alloc(log.pageBytes);
  for (const [number, offset] of committed.offsets) {
    if (number > committed.pages) continue;
    await handle.read(page, 0, page.length, offset);
    await copy.write(page, 0, page.length, (number - 1) * log.pageBytes);
  }
  await copy.truncate(committed.pages * log.pageBytes);
  return committed.offsets.size;
}

async function readHeader(handle: FileHandle): Promise<Log | undefined> {
  const { size: bytes } = await handle.stat();
  if (bytes <= HEADER_BYTES + FRAME_HEADER_BYTES) return undefined;
  const header = Buffer.alloc(HEADER_BYTES);
  await handle.read(header, 0, HEADER_BYTES, 0);
  const magic = header.readUInt32BE(0);
  const pageBytes = header.readUInt32BE(8);
  const isPower = pageBytes >= 512 && pageBytes <= MAX_PAGE_BYTES && !(pageBytes & (pageBytes - 1));
  if ((magic & ~1) !== MAGIC || !isPower) return undefined;
  const bigEndian = (magic & 1) === 1;
  const checksum = new Checksum(bigEndian);
  checksum.add(header.subarray(0, 24));
  if (!checksum.is(header.readUInt32BE(24), header.readUInt32BE(28))) return undefined;
  return { handle, bytes, pageBytes, bigEndian, salts: header.subarray(16, 24), checksum };
}

/** Frames count until one does not fit the header's salts or its checksum; of them, those up to the last commit. */
async function committedPages(log: Log): Promise<Committed | undefined> {
  const frameBytes = FRAME_HEADER_BYTES + log.pageBytes;
  const frame = Buffer.alloc(frameBytes);
  const offsets = new Map<number, number>();
  let pending = new Map<number, number>();
  let pages = 0;
  for (let at = HEADER_BYTES; at + frameBytes <= log.bytes; at += frameBytes) {
    await log.handle.read(frame, 0, frameBytes, at);
    log.checksum.add(frame.subarray(0, 8));
    log.checksum.add(frame.subarray(FRAME_HEADER_BYTES));
    const holds =
      log.salts.equals(frame.subarray(8, 16)) &&
      log.checksum.is(frame.readUInt32BE(16), frame.readUInt32BE(20));
    const number = frame.readUInt32BE(0);
    if (!holds || number === 0) break;
    pending.set(number, at + FRAME_HEADER_BYTES);
    const size = frame.readUInt32BE(4);
    if (size === 0) continue;
    for (const [page, offset] of pending) offsets.set(page, offset);
    pending = new Map();
    pages = size;
  }
  return pages === 0 ? undefined : { offsets, pages };
}

/** The log's running checksum: two sums over pairs of 32-bit words. */
class Checksum {
  readonly #bigEndian: boolean;
  #first = 0;
  #second = 0;

  constructor(bigEndian: boolean) {
    this.#bigEndian = bigEndian;
  }

  /** @param bytes a multiple of 8 */
  add(bytes: Buffer): void {
    for (let at = 0; at + 8 <= bytes.length; at += 8) {
      this.#first = (this.#first + this.#word(bytes, at) + this.#second) >>> 0;
      this.#second = (this.#second + this.#word(bytes, at + 4) + this.#first) >>> 0;
    }
  }

  is(first: number, second: number): boolean {
    return this.#first === first && this.#second === second;
  }

  #word(bytes: Buffer, at: number): number {
    return this.#bigEndian ? bytes.readUInt32BE(at) : bytes.readUInt32LE(at);
  }
}
