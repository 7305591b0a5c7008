import { constants, zstdCompressSync } from 'node:zlib';
import { bytesView } from '../bytes-view.js';
import { passBulk } from '../memory/tune-heap-for-bulk.js';
import { CODEC } from './codec.js';
import type { Codec } from './codec.js';

/** What stands for a chunk on the wire and, sealed, in a pack. */
export interface EncodedBody {
  readonly codec: Codec;
  /** With codec 0 the very bytes that were given. */
  readonly body: Uint8Array;
}

const LEVEL = 3;
const CHUNK_SIZE_LEAST = 64;

/**
 * The plain bytes or one zstd frame of them, whichever is shorter; ties go to the plain bytes.
 * @param options.raw do not try: the file is incompressible
 */
export function encodeBody(
  plain: Uint8Array,
  options: { readonly raw?: boolean } = {},
): EncodedBody {
  if (options.raw === true || plain.length === 0) return { codec: CODEC.plain, body: plain };
  const packed = zstdCompressSync(plain, {
    // One output buffer: whatever needs more is thrown away.
    chunkSize: Math.max(CHUNK_SIZE_LEAST, plain.length),
    // Known, the size makes the encoder's tables fit it: half of the time of a small chunk is clearing them.
    pledgedSrcSize: plain.length,
    params: { [constants.ZSTD_c_compressionLevel]: LEVEL },
  });
  passBulk(plain.length);
  return packed.length < plain.length
    ? { codec: CODEC.zstd, body: bytesView(packed) }
    : { codec: CODEC.plain, body: plain };
}
