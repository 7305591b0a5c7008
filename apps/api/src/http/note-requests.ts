import type { HouseholdId } from '@rootcellar/model';
import type { Logger, Watch } from '@rootcellar/platform';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import { originOf } from './request-id.js';
import { principalOf } from './sign-in.guard.js';

/** What nginx calls a client that went away before its answer was whole. */
const CLIENT_GONE = 499;

/** These move bytes: one push sends thousands of them, and its commit tells of all. */
const BULK_ROUTES = new Set(['/api/v1/uploads/:id/have', '/api/v1/uploads/:id/chunks']);

/** Tells the client the request's id; when it has ended, writes one log line and counts it. Comes before everything else. */
export function noteRequests({ metrics, clock }: Watch, logger: Logger): RequestHandler {
  return (request: Request, response: Response, next: NextFunction): void => {
    const origin = originOf(request);
    response.setHeader('x-request-id', origin.requestId);
    const startedAt = clock.monotonicMs();
    const { socket } = request;
    const before = { in: socket.bytesRead, out: socket.bytesWritten };
    metrics.http.began();
    response.once('close', () => {
      const ended = {
        route: routeOf(request),
        method: request.method,
        status: response.writableFinished ? response.statusCode : CLIENT_GONE,
        seconds: (clock.monotonicMs() - startedAt) / 1000,
        bytesIn: bodyBytes(request, socket.bytesRead - before.in),
        bytesOut: Math.max(0, socket.bytesWritten - before.out),
      };
      metrics.http.ended(ended);
      const { seconds, ...facts } = ended;
      const ms = Math.round(seconds * 1000);
      const householdId: HouseholdId | undefined = principalOf(request)?.membership?.householdId;
      logger[levelOf(ended)]({ ...origin, ...facts, ms, householdId }, 'request');
    });
    next();
  };
}

/** Changes and refusals are of interest; reads, and what a push consists of, only to somebody who looks for something. */
function levelOf(ended: {
  readonly route: string | undefined;
  readonly method: string;
  readonly status: number;
}): 'info' | 'debug' {
  if (ended.status >= 400) return 'info';
  if (ended.method === 'GET' || ended.method === 'HEAD' || ended.method === 'OPTIONS')
    return 'debug';
  return BULK_ROUTES.has(ended.route ?? '') ? 'debug' : 'info';
}

/** The pattern; addresses hold ids and names. Undefined when nothing is there, or the request was refused before it got there. */
function routeOf(request: Request): string | undefined {
  const route: unknown = request.route;
  if (typeof route !== 'object' || route === null || !('path' in route)) return undefined;
  return typeof route.path === 'string' ? route.path : undefined;
}

/** As declared, when all of it came. Else what the connection brought since, which may lack what came with the head. */
function bodyBytes({ headers, complete }: Request, arrived: number): number {
  const declared = Number(headers['content-length'] ?? Number.NaN);
  if (complete && Number.isSafeInteger(declared) && declared >= 0) return declared;
  return Math.max(0, arrived);
}
