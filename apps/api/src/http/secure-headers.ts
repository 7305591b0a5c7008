import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { ownAddress } from './own-address.js';

/** Answers of the API are data: nothing of them is shown, run or framed. Pages say for themselves what they need. */
const NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
/** Swagger's page: its scripts are files of ours, its styles stand in the page. */
const DOCUMENTATION = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const ALWAYS = {
  'content-security-policy': NOTHING,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'cache-control': 'no-store',
} as const;

/** A year, for this name alone: names beside and below it are the operator's. */
const HSTS = 'max-age=31536000';

/** On every answer, before anything else may answer. */
export function secureHeaders(publicUrl: string | undefined): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    response.set(ALWAYS);
    if (request.path === '/api/docs' || request.path.startsWith('/api/docs/'))
      response.set('content-security-policy', DOCUMENTATION);
    if (ownAddress(request, publicUrl).startsWith('https://'))
      response.set('strict-transport-security', HSTS);
    next();
  };
}
