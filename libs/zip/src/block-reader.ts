import { notZip } from './zip-errors.js';
import type { RandomAccessReader } from './random-access-reader.js';

const BLOCK_BYTES = 64 * 1024;
const MAX_BLOCKS = 16;

/**
 * Reads small pieces out of large blocks it keeps: a directory of 100,000 entries is 200,000 reads, and each may be a
 * request to the vault. Never reads beyond the size, whatever a zip asks for.
 */
export class BlockReader {
  readonly size: number;
  /** What the port failed with, if it did: no fault of the package. */
  failure: unknown;
  readonly #port: RandomAccessReader;
  /** In order of use, the latest last. */
  readonly #blocks = new Map<number, Buffer>();

  constructor(port: RandomAccessReader, size: number) {
    this.#port = port;
    this.size = size;
  }

  /** @throws ArchiveError PACKAGE_NOT_ZIP when the bytes do not reach so far */
  async read(offset: number, length: number): Promise<Buffer> {
    if (!Number.isSafeInteger(offset) || offset < 0 || offset + length > this.size)
      throw notZip('is cut off');
    if (length > BLOCK_BYTES) return this.#load(offset, length);
    const first = Math.floor(offset / BLOCK_BYTES);
    const start = offset - first * BLOCK_BYTES;
    const block = await this.#block(first);
    if (start + length <= block.length) return block.subarray(start, start + length);
    const rest = await this.#block(first + 1);
    return Buffer.concat([block.subarray(start), rest.subarray(0, start + length - BLOCK_BYTES)]);
  }

  async #block(index: number): Promise<Buffer> {
    const offset = index * BLOCK_BYTES;
    const known = this.#blocks.get(index);
    const block = known ?? (await this.#load(offset, Math.min(BLOCK_BYTES, this.size - offset)));
    this.#blocks.delete(index);
    this.#blocks.set(index, block);
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size > MAX_BLOCKS && oldest !== undefined) this.#blocks.delete(oldest);
    return block;
  }

  async #load(offset: number, length: number): Promise<Buffer> {
    let bytes: Uint8Array;
    try {
      bytes = await this.#port.read(offset, length);
    } catch (error) {
      this.failure = error;
      throw error;
    }
    if (bytes.length < length) throw notZip('is cut off');
    return Buffer.from(bytes.buffer, bytes.byteOffset, length);
  }
}
