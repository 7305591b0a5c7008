import type { Response } from 'express';

export interface StreamOptions {
  /** What to send last when the source fails half-way; without it the connection is cut. */
  readonly lastWords?: (error: unknown) => Uint8Array;
}

/**
 * Sends bytes as they come, with backpressure: a piece has left before the next is asked for. A client that goes away ends the source. The first bytes are waited for before the
 * answer begins, so that what fails at once is a problem document.
 */
export async function sendStream(
  response: Response,
  bytes: AsyncIterable<Uint8Array>,
  options: StreamOptions = {},
): Promise<void> {
  const source = bytes[Symbol.asyncIterator]();
  try {
    for (let next = await source.next(); next.done !== true; next = await source.next()) {
      if (!(await written(response, next.value))) return;
    }
    response.end();
  } catch (error) {
    if (options.lastWords !== undefined && response.headersSent)
      response.end(options.lastWords(error));
    throw error;
  } finally {
    await source.return?.();
  }
}

/** Resolves when the piece's memory may be used again. @returns whether the client is still there */
async function written(response: Response, piece: Uint8Array): Promise<boolean> {
  if (response.destroyed) return false;
  return new Promise((resolve) => {
    response.write(piece, (error) => resolve(error === undefined || error === null));
  });
}
