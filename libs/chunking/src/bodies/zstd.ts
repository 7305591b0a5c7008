import {
  constants,
  createZstdCompress,
  createZstdDecompress,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib';
import type { ZstdCompress, ZstdDecompress } from 'node:zlib';
import { bytesView } from '../bytes-view.js';
import { CHUNK_MAX_BYTES } from '../limits.js';

/*
 * Node's one-call functions make a zstd context for every call and throw it away: a third of the time of a chunk of 64 KiB, half of it
 * when expanding, and a megabyte each that the garbage collector takes for pressure. A context may as well be kept: where a frame ends,
 * the next begins (zstd.h, ZSTD_compressStream2 and ZSTD_decompressStream). The streams of `node:zlib` keep theirs, but let nobody use
 * them at once; so we use what they use. Where they look different than expected, or a call did not do it all, the documented functions do it.
 */

/** Writes one frame. The bytes returned are good until the next call. */
export type Compress = (plain: Uint8Array) => Uint8Array;

/**
 * Expands one frame to at most `most` bytes, good until the next call.
 * @throws an Error with the code zlib gives: `ZSTD_error_…`, `Z_BUF_ERROR`, `ERR_BUFFER_TOO_LARGE`
 */
export type Expand = (frame: Uint8Array, most: number) => Uint8Array;

/** A frame is never longer than its plain bytes by more (zstd.h, ZSTD_COMPRESSBOUND). */
const overhead = (length: number): number => (length >> 8) + 1024;
const CHUNK_SIZE_LEAST = 64;

/** The part of Node's zlib streams that this file uses; none of it is documented. */
export interface Context {
  writeSync(
    flush: number,
    input: Uint8Array,
    inputAt: number,
    inputLength: number,
    output: Uint8Array,
    outputAt: number,
    outputLength: number,
  ): void;
  close(): void;
  /** After a call: room left in the output, input left. */
  readonly left: Uint32Array;
  /** Whether a call failed. */
  failed(): boolean;
}

/** @param level of zstd, 1 to 22. @param open for tests */
export function createCompress(level: number, open = openContext): Compress {
  const params = { [constants.ZSTD_c_compressionLevel]: level };
  const run = keptContext(() => open(createZstdCompress({ params })));
  return (plain) =>
    run(plain, plain.length + overhead(plain.length)) ??
    // Known, the size makes the encoder's tables fit it: half of the time of a small chunk is clearing them.
    bytesView(zstdCompressSync(plain, { pledgedSrcSize: plain.length, params }));
}

/** @param open for tests */
export function createExpand(open = openContext): Expand {
  const run = keptContext(() => open(createZstdDecompress()));
  return (frame, most) =>
    // One byte of room behind the end, or a frame that is through is not told from one that goes on.
    run(frame, most + 1) ??
    // What is wrong, the documented function says.
    bytesView(
      zstdDecompressSync(frame, {
        chunkSize: Math.max(CHUNK_SIZE_LEAST, most + 1),
        // Zero is not taken; whoever asks for nothing looks at what came.
        maxOutputLength: Math.max(1, most),
      }),
    );
}

/** Runs a context, anew when it broke. The function gives `undefined` when not all was done: input or output is left, or it failed. */
function keptContext(
  open: () => Context | undefined,
): (input: Uint8Array, room: number) => Uint8Array | undefined {
  let context: Context | undefined;
  let output: Uint8Array | undefined;
  return (input, room) => {
    context ??= open();
    // Not in memory before it is written to.
    output ??= new Uint8Array(CHUNK_MAX_BYTES + overhead(CHUNK_MAX_BYTES));
    if (context === undefined || room > output.length) return undefined;
    context.writeSync(constants.ZSTD_e_end, input, 0, input.length, output, 0, room);
    const [roomLeft = 0, inputLeft] = context.left;
    if (!context.failed() && inputLeft === 0 && roomLeft > 0)
      return output.subarray(0, room - roomLeft);
    context.close();
    context = undefined;
    return undefined;
  };
}

/** @returns undefined where Node's streams are not what we know */
export function openContext(stream: ZstdCompress | ZstdDecompress): Context | undefined {
  const { _handle: handle, _writeState: left } = stream as unknown as {
    readonly _handle?: { readonly writeSync?: unknown; onerror?: unknown };
    readonly _writeState?: unknown;
  };
  if (typeof handle?.writeSync !== 'function' || !ArrayBuffer.isView(left)) return undefined;
  let failed = false;
  handle.onerror = (): void => {
    failed = true;
  };
  return {
    writeSync: handle.writeSync.bind(handle) as Context['writeSync'],
    close: () => stream.close(),
    left: left as Uint32Array,
    failed: () => failed,
  };
}
