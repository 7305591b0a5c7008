import { protocolBroken } from './protocol-broken.js';

const NOTHING = Buffer.alloc(0);

/**
 * Takes runs of bytes out of a stream that comes in pieces of any size. A run inside of one piece is a view of it; one that
 * spans pieces is copied once, into a buffer of its own size.
 */
export class PieceReader {
  readonly #source: AsyncIterator<Uint8Array, unknown>;
  #piece: Buffer = NOTHING;
  #at = 0;

  constructor(source: AsyncIterable<Uint8Array>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** The next `length` bytes, if the piece at hand has them all. */
  take(length: number): Buffer | undefined {
    const end = this.#at + length;
    if (end > this.#piece.length) return undefined;
    const run = this.#piece.subarray(this.#at, end);
    this.#at = end;
    return run;
  }

  /** The next `length` bytes, for which the caller has room. @throws ArchiveError PROTOCOL_BROKEN when the stream ends before */
  async gather(length: number): Promise<Buffer> {
    const run = Buffer.allocUnsafeSlow(length);
    for (let filled = 0; filled < length;) {
      if (this.#at === this.#piece.length && !(await this.#next())) {
        throw protocolBroken('it was cut off');
      }
      const copied = this.#piece.copy(run, filled, this.#at);
      filled += copied;
      this.#at += copied;
    }
    return run;
  }

  /** @throws ArchiveError PROTOCOL_BROKEN when anything is left */
  async expectEnd(): Promise<void> {
    while (this.#at === this.#piece.length) if (!(await this.#next())) return;
    throw protocolBroken('something follows its end');
  }

  /** Lets go of the source, wherever it stands. */
  async close(): Promise<void> {
    this.#piece = NOTHING;
    this.#at = 0;
    await this.#source.return?.();
  }

  async #next(): Promise<boolean> {
    const next = await this.#source.next();
    if (next.done === true) return false;
    const { buffer, byteOffset, byteLength } = next.value;
    this.#piece = Buffer.from(buffer, byteOffset, byteLength);
    this.#at = 0;
    return true;
  }
}
