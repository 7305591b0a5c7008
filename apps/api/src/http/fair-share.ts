import { ArchiveError } from '@rootcellar/model';
import type { Request, Response } from 'express';

/** Requests that move bytes or stay open take their own share: a push must not keep its owner from looking at a list. */
export type Load = 'cheap' | 'bulk' | 'stream';

/**
 * At a time, in one process. A push has 8 connections, so six of them go with one sign-in; an address may be a whole household's, or that
 * of a proxy which is not trusted to tell whose it is.
 */
const BY_SIGN_IN: Readonly<Record<Load, number>> = { cheap: 64, bulk: 48, stream: 64 };
const BY_ADDRESS: Readonly<Record<Load, number>> = { cheap: 256, bulk: 192, stream: 512 };

const BULK =
  /^\/api\/v1\/(uploads\/[^/]+\/(have|chunks|commit)|snapshots\/[^/]+\/(stream|files)|artifacts\/)/;

export function loadOf(path: string): Load {
  if (path === '/api/v1/changes') return 'stream';
  return BULK.test(path) ? 'bulk' : 'cheap';
}

/** Counts what is being answered, so that one client cannot take all there is. */
export class FairShare {
  readonly #running = new Map<string, number>();

  /** @throws ArchiveError SERVER_BUSY */
  takeForAddress(request: Request, response: Response, address: string): void {
    const load = loadOf(request.path);
    this.#take(response, `address ${load} ${address}`, BY_ADDRESS[load]);
  }

  /** @throws ArchiveError SERVER_BUSY */
  takeForSignIn(request: Request, response: Response, credentialId: string): void {
    const load = loadOf(request.path);
    this.#take(response, `sign-in ${load} ${credentialId}`, BY_SIGN_IN[load]);
  }

  #take(response: Response, key: string, most: number): void {
    const running = this.#running.get(key) ?? 0;
    if (running >= most) {
      throw new ArchiveError(
        'SERVER_BUSY',
        `${most} requests of this client are being answered already. Nothing was done; try again in a moment.`,
        { details: { retryAfterSeconds: 1 } },
      );
    }
    this.#running.set(key, running + 1);
    response.once('close', () => {
      const left = (this.#running.get(key) ?? 1) - 1;
      if (left === 0) this.#running.delete(key);
      else this.#running.set(key, left);
    });
  }
}
