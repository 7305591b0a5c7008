import { manifestDamaged } from './android-errors.js';

const HEADER_BYTES = 28;
const UTF8_FLAG = 0x100;
/** Android refuses longer ones. */
const MAX_STRING_BYTES = 64 * 1024;

/**
 * The strings of a binary XML file (ResStringPool of AOSP's ResourceTypes.h). Nothing is allocated by what it claims: a string is read
 * when somebody asks for it, and only as far as the bytes go.
 */
export class StringPool {
  readonly #bytes: Buffer;
  readonly #count: number;
  readonly #start: number;
  readonly #isUtf8: boolean;

  /** @param bytes the whole chunk */
  constructor(bytes: Buffer) {
    if (bytes.length < HEADER_BYTES) throw manifestDamaged('is cut off');
    this.#bytes = bytes;
    this.#count = bytes.readUInt32LE(8);
    this.#isUtf8 = (bytes.readUInt32LE(16) & UTF8_FLAG) !== 0;
    this.#start = bytes.readUInt32LE(20);
  }

  /** Undefined for an index that is none, as `0xffffffff` is. */
  get(index: number): string | undefined {
    if (index >= this.#count) return undefined;
    const entry = HEADER_BYTES + index * 4;
    if (entry + 4 > this.#bytes.length) throw manifestDamaged('claims strings it does not have');
    const at = this.#start + this.#bytes.readUInt32LE(entry);
    return this.#isUtf8 ? this.#utf8(at) : this.#utf16(at);
  }

  /** Length in characters, length in bytes, then the bytes. */
  #utf8(at: number): string {
    const characters = this.#length8(at);
    const bytes = this.#length8(characters.end);
    return this.#slice(bytes.end, bytes.value).toString('utf8');
  }

  #utf16(at: number): string {
    const first = this.#number16(at);
    const isLong = (first & 0x8000) !== 0;
    const length = isLong ? ((first & 0x7fff) << 16) | this.#number16(at + 2) : first;
    return this.#slice(at + (isLong ? 4 : 2), length * 2).toString('utf16le');
  }

  #length8(at: number): { readonly value: number; readonly end: number } {
    const first = this.#byte(at);
    if ((first & 0x80) === 0) return { value: first, end: at + 1 };
    return { value: ((first & 0x7f) << 8) | this.#byte(at + 1), end: at + 2 };
  }

  #byte(at: number): number {
    return this.#slice(at, 1).readUInt8(0);
  }

  #number16(at: number): number {
    return this.#slice(at, 2).readUInt16LE(0);
  }

  #slice(at: number, length: number): Buffer {
    if (length > MAX_STRING_BYTES) throw manifestDamaged('has a string longer than any');
    if (at + length > this.#bytes.length) throw manifestDamaged('claims strings it does not have');
    return this.#bytes.subarray(at, at + length);
  }
}
