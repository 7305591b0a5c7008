import type { Request } from 'express';

/**
 * Scheme, host and port of the service as the browser of a request sees them, for links and for what is bound to an origin.
 * @param publicUrl the setting, which wins. Without it the request is believed: what it says of itself goes back to whoever sent it and to
 * nobody else
 */
export function ownAddress(request: Request, publicUrl: string | undefined): string {
  return publicUrl ?? `${request.protocol}://${request.headers.host ?? 'localhost'}`;
}
