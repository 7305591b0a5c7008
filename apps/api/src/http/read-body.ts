import { ArchiveError } from '@rootcellar/model';
import type { Request } from 'express';

/** A sender may be slow, but not silent. */
const SILENCE_MS = 60_000;

/**
 * The whole body in one buffer of its own. The length is declared, bounded, and must be what comes.
 * @throws ArchiveError TOO_LARGE, PROTOCOL_BROKEN (cut off, silent, or longer than declared)
 */
export async function readBody(request: Request, maxBytes: number): Promise<ArrayBuffer> {
  const length = declaredLength(request, maxBytes);
  const body = new Uint8Array(new ArrayBuffer(length));
  let at = 0;
  for await (const piece of bodyPieces(request)) {
    if (at + piece.length > length) throw cutOff();
    body.set(piece, at);
    at += piece.length;
  }
  if (at !== length) throw cutOff();
  return body.buffer;
}

/** @throws ArchiveError TOO_LARGE, PROTOCOL_BROKEN */
export function declaredLength(request: Request, maxBytes: number): number {
  const length = Number(request.headers['content-length'] ?? Number.NaN);
  if (!Number.isSafeInteger(length) || length < 0) {
    throw new ArchiveError('PROTOCOL_BROKEN', 'The request does not say how long its body is.');
  }
  if (length > maxBytes) {
    throw new ArchiveError('TOO_LARGE', `The body is larger than ${maxBytes} bytes.`, {
      details: { maxBytes },
    });
  }
  return length;
}

/** The body as it comes, however long. @throws ArchiveError PROTOCOL_BROKEN when it breaks off or falls silent */
export async function* bodyPieces(request: Request): AsyncGenerator<Uint8Array> {
  request.setTimeout(SILENCE_MS, () => request.destroy(cutOff()));
  try {
    for await (const piece of request as AsyncIterable<Buffer>) yield piece;
  } catch (cause) {
    throw cutOff(cause);
  }
}

function cutOff(cause?: unknown): ArchiveError {
  return new ArchiveError(
    'PROTOCOL_BROKEN',
    'The body was cut off; nothing of this request was kept.',
    { cause },
  );
}
