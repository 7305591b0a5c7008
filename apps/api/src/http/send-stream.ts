import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Response } from 'express';

/** Sends bytes as they come, with backpressure. A client that goes away ends the source. */
export async function sendStream(
  response: Response,
  bytes: AsyncIterable<Uint8Array>,
): Promise<void> {
  try {
    await pipeline(Readable.from(bytes, { objectMode: false, highWaterMark: 1 }), response);
  } catch (error) {
    if (!response.destroyed || !isGoneAway(error)) throw error;
  }
}

function isGoneAway(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE';
}
