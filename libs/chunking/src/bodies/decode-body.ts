import { ArchiveError } from '@rootcellar/model';
import type { ErrorCode } from '@rootcellar/model';
import { CHUNK_MAX_BYTES } from '../limits.js';
import { passBulk } from '../memory/tune-heap-for-bulk.js';
import { CODEC } from './codec.js';
import { createExpand } from './zstd.js';
import { readZstdFrame } from './zstd-frame.js';

/** RFC 8878 §3.1.1.1.2 asks every decoder for this much. Our own frames need their chunk's length at most. */
const WINDOW_MAX_BYTES = 8 * 1024 * 1024;
/** Cut off, and longer than it may be. */
const OTHER_CODES: ReadonlySet<string> = new Set(['Z_BUF_ERROR', 'ERR_BUFFER_TOO_LARGE']);

type Broken = (why: string, cause?: unknown) => ArchiveError;

export interface DecodeOptions {
  /** What a broken body is to the caller: CHUNK_DAMAGED where it was stored, PROTOCOL_BROKEN if nothing is said. */
  readonly code?: ErrorCode;
  /** The plain bytes may lie in memory that the next call writes over; else they have their own, or that of the body. */
  readonly lent?: boolean;
}

const expandFrame = createExpand();

/**
 * The plain bytes of a body, exactly `plainLength` of them, from exactly one frame; takes no memory beyond these and a
 * window of 8 MiB. They may be a view of `body`. Whether they match their id is the caller's to check.
 * @throws ArchiveError the given code
 */
export function decodeBody(
  codec: number,
  body: Uint8Array,
  plainLength: number,
  options: DecodeOptions = {},
): Uint8Array {
  const { code = 'PROTOCOL_BROKEN', lent = false } = options;
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
    case CODEC.zstd: {
      checkFrame(body, plainLength, broken);
      const plain = expand(body, plainLength, broken);
      if (lent) return plain;
      passBulk(plainLength);
      return plain.slice();
    }
    default:
      throw broken('its codec is unknown');
  }
}

function checkFrame(body: Uint8Array, plainLength: number, broken: Broken): void {
  if (body.length > plainLength) throw broken('it is longer than what it stands for');
  const frame = readZstdFrame(body);
  if (frame?.length !== body.length) throw broken('it is not one whole zstd frame');
  if (frame.windowSize > WINDOW_MAX_BYTES || (frame.contentSize ?? plainLength) !== plainLength) {
    throw broken('its frame announces another size');
  }
}

function expand(body: Uint8Array, plainLength: number, broken: Broken): Uint8Array {
  let plain: Uint8Array;
  try {
    plain = expandFrame(body, plainLength);
  } catch (error) {
    if (isZstdFailure(error)) throw broken('it does not expand', error);
    throw error;
  }
  if (plain.length !== plainLength) throw broken('it expands to another length');
  return plain;
}

function isZstdFailure(error: unknown): boolean {
  // By its code alone: in another realm (a Jest run, a `vm` context) it is no instance of our Error.
  if (typeof error !== 'object' || error === null || !('code' in error)) return false;
  const { code } = error;
  return typeof code === 'string' && (code.startsWith('ZSTD_error_') || OTHER_CODES.has(code));
}
