import { ArchiveError } from '@rootcellar/model';
import type { ErrorCode } from '@rootcellar/model';
import { zstdDecompressSync } from 'node:zlib';
import { bytesView } from '../bytes-view.js';
import { CHUNK_MAX_BYTES } from '../limits.js';
import { passBulk } from '../memory/tune-heap-for-bulk.js';
import { CODEC } from './codec.js';
import { readZstdFrame } from './zstd-frame.js';

/** RFC 8878 §3.1.1.1.2 asks every decoder for this much. Our own frames need their chunk's length at most. */
const WINDOW_MAX_BYTES = 8 * 1024 * 1024;
const CHUNK_SIZE_LEAST = 64;
/** Cut off, and longer than it may be. */
const OTHER_CODES: ReadonlySet<string> = new Set(['Z_BUF_ERROR', 'ERR_BUFFER_TOO_LARGE']);

type Broken = (why: string, cause?: unknown) => ArchiveError;

/**
 * The plain bytes of a body, exactly `plainLength` of them, from exactly one frame; takes no memory beyond these and a
 * window of 8 MiB. They
 * may be a view of `body` or of Node's buffer pool. Whether they match their id is the caller's to check.
 * @param code what a broken body is to the caller: CHUNK_DAMAGED where it was stored
 * @throws ArchiveError the given code, PROTOCOL_BROKEN if none is given
 */
export function decodeBody(
  codec: number,
  body: Uint8Array,
  plainLength: number,
  code: ErrorCode = 'PROTOCOL_BROKEN',
): Uint8Array {
  const broken: Broken = (why, cause) =>
    new ArchiveError(code, `The body of a chunk cannot be read: ${why}. Nothing of it was used.`, {
      details: { codec, bodyLength: body.length, plainLength },
      cause,
    });

  if (plainLength > CHUNK_MAX_BYTES) throw broken('it stands for more than a chunk may hold');
  switch (codec) {
    case CODEC.plain:
      if (body.length !== plainLength) throw broken('its length is not the one announced');
      return body;
    case CODEC.zstd:
      return expandFrame(body, plainLength, broken);
    default:
      throw broken('its codec is unknown');
  }
}

function expandFrame(body: Uint8Array, plainLength: number, broken: Broken): Uint8Array {
  if (body.length > plainLength) throw broken('it is longer than what it stands for');
  const frame = readZstdFrame(body);
  if (frame?.length !== body.length) throw broken('it is not one whole zstd frame');
  if (frame.windowSize > WINDOW_MAX_BYTES || (frame.contentSize ?? plainLength) !== plainLength) {
    throw broken('its frame announces another size');
  }
  const plain = expand(body, plainLength, broken);
  if (plain.length !== plainLength) throw broken('it expands to another length');
  return plain;
}

function expand(body: Uint8Array, plainLength: number, broken: Broken): Uint8Array {
  try {
    const plain = zstdDecompressSync(body, {
      // One byte of room behind the end, or the decoder allocates a second buffer to find out that it is done.
      chunkSize: Math.max(CHUNK_SIZE_LEAST, plainLength + 1),
      maxOutputLength: plainLength,
    });
    passBulk(plainLength);
    return bytesView(plain);
  } catch (error) {
    if (isZstdFailure(error)) throw broken('it does not expand', error);
    throw error;
  }
}

function isZstdFailure(error: unknown): boolean {
  // By its code alone: in another realm (a Jest run, a `vm` context) it is no instance of our Error.
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  const { code } = error;
  return typeof code === 'string' && (code.startsWith('ZSTD_error_') || OTHER_CODES.has(code));
}
