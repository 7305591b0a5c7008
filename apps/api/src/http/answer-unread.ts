import type { Request, Response } from 'express';

/** More than any body that is allowed, so whoever sends no more than its declared length is read to the end. */
const UNREAD_MAX_BYTES = 32 * 1024 * 1024;
const UNREAD_MAX_MS = 5_000;

/**
 * Answers a request whose body was perhaps not read to its end. Closing at once would reset the connection under a sender that still
 * writes, and take the answer with it (RFC 9112, 9.6): the answer goes first, then what still comes is read and thrown away, within
 * bounds, then the connection closes.
 */
export async function answerUnread(
  request: Request,
  response: Response,
  answer: Uint8Array,
): Promise<void> {
  response.setHeader('content-length', answer.length);
  if (request.complete || request.destroyed) {
    response.end(answer);
    return;
  }
  response.setHeader('connection', 'close');
  response.write(answer);
  await discardRest(request);
  response.end();
}

async function discardRest(request: Request): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, UNREAD_MAX_MS);
    const done = (): void => {
      clearTimeout(timer);
      resolve();
    };
    let unread = 0;
    request.on('data', (piece: Buffer) => {
      unread += piece.length;
      if (unread > UNREAD_MAX_BYTES) done();
    });
    request.on('end', done).on('close', done).on('error', done);
    request.resume();
  });
}
