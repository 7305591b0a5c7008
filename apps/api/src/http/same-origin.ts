import type { Request } from 'express';
import { ArchiveError } from '@rootcellar/model';

/** What tells of where a page stands that sent a request. */
type Asking = Pick<Request, 'method' | 'headers'>;

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** @returns `unknown` when nothing says it: programs tell neither */
export function originOfPage({ headers }: Asking, address: string): 'same' | 'other' | 'unknown' {
  // Set by browsers alone, no script can change it; `none` is the person's own doing. Sent over TLS and on localhost.
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? 'same' : 'other';
  const { origin, host } = headers;
  if (origin === undefined) return 'unknown';
  if (origin === address) return 'same';
  // TLS may end in front of us, so that the scheme says nothing.
  return host !== undefined && URL.parse(origin)?.host === host ? 'same' : 'other';
}

/**
 * Cross-site request forgery: what changes something comes from a page of ours, or from no page at all. Requests with an `Authorization`
 * header are not looked at: no page of somebody else's can add one.
 * @param address the service's own, see `ownAddress`
 * @throws ArchiveError CROSS_ORIGIN
 */
export function refuseForgery(request: Asking, address: string): void {
  if (SAFE.has(request.method) || request.headers.authorization !== undefined) return;
  if (originOfPage(request, address) === 'other')
    throw crossOrigin('A page of another site sent this request.');
}

/** With a browser's sign-in it must be sure, and what it says is JSON: forms of any site can send all else. @throws ArchiveError CROSS_ORIGIN */
export function requireOwnPage(request: Asking, address: string): void {
  if (SAFE.has(request.method)) return;
  if (originOfPage(request, address) !== 'same')
    throw crossOrigin('Nothing says that a page of this service sent this request.');
  const { 'content-length': length = '0', 'content-type': type = '' } = request.headers;
  const bodyless = length === '0' && request.headers['transfer-encoding'] === undefined;
  if (!bodyless && !/^application\/json\s*(;|$)/i.test(type))
    throw crossOrigin('With the sign-in of a browser only JSON is taken.');
}

function crossOrigin(why: string): ArchiveError {
  return new ArchiveError('CROSS_ORIGIN', `${why} Nothing was done.`, {
    hint: 'Open the service at its own address; behind a proxy, set ROOTCELLAR_PUBLIC_URL.',
  });
}

/** Where to go after signing in: a path of ours, or the start page. What would lead elsewhere is not followed. */
export function localPath(path: unknown): string {
  if (typeof path !== 'string' || path.length > 1000 || !/^\/(?![/\\])[\x21-\x7e]*$/.test(path))
    return '/';
  const base = 'http://rootcellar.invalid';
  const url = URL.parse(path, base);
  if (url?.origin !== base || url.pathname.startsWith('//')) return '/';
  return `${url.pathname}${url.search}${url.hash}`;
}
