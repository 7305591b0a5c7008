import type { CookieOptions, Request, Response } from 'express';
import { parseCookie } from 'cookie';

/** As long as the ticket is good; it goes to the address it came from alone, also when the provider sends the browser back. */
const KEEP_MS = 10 * 60_000;

/** What a sign-in with a provider remembers while the browser is there; sealed. */
export function setTicket(response: Response, ticket: string, address: string): void {
  response.cookie(nameAt(address), ticket, { ...optionsAt(address), maxAge: KEEP_MS });
}

export function clearTicket(response: Response, address: string): void {
  response.clearCookie(nameAt(address), optionsAt(address));
}

export function ticketIn(request: Request, address: string): string | undefined {
  const { cookie } = request.headers;
  return cookie === undefined ? undefined : parseCookie(cookie)[nameAt(address)];
}

function nameAt(address: string): string {
  return address.startsWith('https://') ? '__Host-rootcellar-provider' : 'rootcellar-provider';
}

function optionsAt(address: string): CookieOptions {
  // Lax: it must come back with a redirect from another site.
  return { path: '/', httpOnly: true, sameSite: 'lax', secure: address.startsWith('https://') };
}
