import { ArchiveError } from '@rootcellar/model';
import { copyInto, passBulk } from '@rootcellar/platform';
import type { Request } from 'express';

/** A sender may be slow, but not silent. */
const SILENCE_MS = 60_000;

/**
 * The whole body in one buffer. The length is declared, bounded, and must be what comes.
 * @throws ArchiveError TOO_LARGE, PROTOCOL_BROKEN (cut off, silent, or longer than declared)
 */
export async function readBody(request: Request, maxBytes: number): Promise<Uint8Array> {
  const body = new Uint8Array(declaredLength(request, maxBytes));
  await readBodyInto(request, body);
  return body;
}

/** As {@link readBody}, into memory that is there. @returns the bytes of the body */
export async function readBodyInto(request: Request, body: Uint8Array): Promise<number> {
  const length = declaredLength(request, body.length);
  request.setTimeout(SILENCE_MS, () => request.destroy(cutOff()));
  return new Promise((resolve, reject) => {
    let at = 0;
    // Events, not iteration: at 64 KiB a piece the iterator costs as much as the rest of receiving.
    request.on('data', (piece: Buffer) => {
      if (at + piece.length > length) request.destroy(cutOff());
      else copyInto(body, at, piece);
      at += piece.length;
      passBulk(piece.length);
    });
    request.on('end', () => {
      if (at === length) resolve(length);
      else reject(cutOff());
    });
    request.on('error', (cause) => reject(cutOff(cause)));
    request.on('close', () => reject(cutOff()));
  });
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
