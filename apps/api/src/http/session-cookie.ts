import type { CookieOptions, Request, Response } from 'express';
import { parseCookie } from 'cookie';

/** Only a cookie that was set over TLS for this very host may bear this prefix (RFC 6265bis, 4.1.3.2). */
const SECURE_NAME = '__Host-rootcellar';
const PLAIN_NAME = 'rootcellar';
/** The session itself ends when the service says so. */
const KEEP_SECONDS = 90 * 24 * 3600;

/** Where a browser's sign-in lives: no script reads it, no other site sends it. */
export function setSessionCookie(response: Response, token: string, address: string): void {
  const secure = isSecure(address);
  response.cookie(secure ? SECURE_NAME : PLAIN_NAME, token, {
    ...optionsOf(secure),
    maxAge: KEEP_SECONDS * 1000,
  });
}

export function clearSessionCookie(response: Response, address: string): void {
  const secure = isSecure(address);
  response.clearCookie(secure ? SECURE_NAME : PLAIN_NAME, optionsOf(secure));
}

/** @returns undefined when the request carries none */
export function sessionTokenIn(request: Request, address: string): string | undefined {
  const { cookie } = request.headers;
  if (cookie === undefined) return undefined;
  return parseCookie(cookie)[isSecure(address) ? SECURE_NAME : PLAIN_NAME];
}

function optionsOf(secure: boolean): CookieOptions {
  // Lax: whoever follows a link from elsewhere is signed in; changes are guarded apart.
  return { path: '/', httpOnly: true, sameSite: 'lax', secure };
}

function isSecure(address: string): boolean {
  return address.startsWith('https://');
}
