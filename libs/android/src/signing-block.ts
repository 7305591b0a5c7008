import { centralDirectoryOffset } from '@rootcellar/zip';
import type { BlockReader } from '@rootcellar/zip';

const MAGIC = Buffer.from('APK Sig Block 42', 'latin1');
const FOOTER_BYTES = 8 + MAGIC.length;
/** Real ones have a few KiB; padding to a page comes on top. */
const MAX_BLOCK_BYTES = 4 * 1024 * 1024;
const MAX_PAIRS = 256;
const ID = { v2: 0x7109871a, v3: 0xf05368c0, v31: 0x1b93ad61 } as const;
const PROOF_OF_ROTATION = 0x3ba06f8c;

/** What a scheme says about who signed. */
export interface BlockSigners {
  readonly scheme: 'v2' | 'v3' | 'v3.1';
  /** DER, one for each signer. */
  readonly certificates: readonly Buffer[];
  /** DER, oldest first: what the signer proves to have signed with before, the present one included. */
  readonly lineage: readonly Buffer[];
}

/**
 * Reads the block of signatures before the central directory (source.android.com, APK Signature Scheme v2 and v3). Nothing is verified:
 * these are the certificates the package carries.
 *
 * @returns schemes in ascending order; `damaged` when there is a block that cannot be read to its end
 * @throws ArchiveError PACKAGE_NOT_ZIP
 */
export async function readSigningBlock(
  blocks: BlockReader,
): Promise<{ readonly schemes: readonly BlockSigners[]; readonly damaged: boolean }> {
  const pairs = await pairsOf(blocks);
  if (pairs === undefined) return { schemes: [], damaged: false };
  const schemes: BlockSigners[] = [];
  try {
    for (const [id, value] of eachPair(pairs)) {
      if (id === ID.v2) schemes.push(signersOf('v2', value));
      else if (id === ID.v3) schemes.push(signersOf('v3', value));
      else if (id === ID.v31) schemes.push(signersOf('v3.1', value));
    }
  } catch (error) {
    // By name: errors of Node come from another realm where tests run in one of their own.
    if ((error as Error).name !== 'RangeError') throw error;
    return { schemes: schemes.sort(byScheme), damaged: true };
  }
  return { schemes: schemes.sort(byScheme), damaged: false };
}

function byScheme(a: BlockSigners, b: BlockSigners): number {
  return a.scheme < b.scheme ? -1 : 1;
}

async function pairsOf(blocks: BlockReader): Promise<Buffer | undefined> {
  const end = await centralDirectoryOffset(blocks);
  if (end === undefined || end < FOOTER_BYTES + 8) return undefined;
  const footer = await blocks.read(end - FOOTER_BYTES, FOOTER_BYTES);
  if (!footer.subarray(8).equals(MAGIC)) return undefined;
  const size = Number(footer.readBigUInt64LE(0));
  const length = size - FOOTER_BYTES;
  if (length < 0 || length > MAX_BLOCK_BYTES || size + 8 > end) return Buffer.alloc(1);
  return blocks.read(end - size, length);
}

function* eachPair(bytes: Buffer): Generator<readonly [id: number, value: Buffer]> {
  let count = 0;
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    if (length < 4 || at + 8 + length > bytes.length || (count += 1) > MAX_PAIRS)
      throw new RangeError('pair');
    yield [bytes.readUInt32LE(at + 8), bytes.subarray(at + 12, at + 8 + length)];
    at += 8 + length;
  }
}

function signersOf(scheme: BlockSigners['scheme'], value: Buffer): BlockSigners {
  const signers = new Prefixed(value).next();
  const certificates: Buffer[] = [];
  const lineage: Buffer[] = [];
  for (const signer of new Prefixed(signers).all()) {
    const signed = new Prefixed(new Prefixed(signer).next());
    signed.next(); // Digests of the content.
    const [own] = new Prefixed(signed.next()).all();
    if (own !== undefined) certificates.push(own);
    if (scheme === 'v2') continue;
    signed.skip(8); // From which to which version of Android it counts.
    lineage.push(...rotationOf(signed.next()));
  }
  return { scheme, certificates, lineage };
}

function rotationOf(attributes: Buffer): Buffer[] {
  for (const attribute of new Prefixed(attributes).all()) {
    if (attribute.readUInt32LE(0) !== PROOF_OF_ROTATION) continue;
    const levels = new Prefixed(attribute.subarray(8));
    return [...levels.all()].map((level) => new Prefixed(new Prefixed(level).next()).next());
  }
  return [];
}

/** Pieces with their length, 32 bits, before them. @throws RangeError where they are cut off */
class Prefixed {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  next(): Buffer {
    const length = this.#bytes.readUInt32LE(this.#at);
    const start = this.#at + 4;
    if (start + length > this.#bytes.length) throw new RangeError('piece');
    this.#at = start + length;
    return this.#bytes.subarray(start, this.#at);
  }

  *all(): Generator<Buffer> {
    while (this.#at < this.#bytes.length) yield this.next();
  }

  skip(length: number): void {
    this.#at += length;
  }
}
