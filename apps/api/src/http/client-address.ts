import type { Request } from 'express';

/** Who sent a request, as far as the network tells: behind a proxy only where a setting says that it may be believed. */
export function clientAddress(request: Request): string {
  return request.ip ?? request.socket.remoteAddress ?? 'unknown';
}
