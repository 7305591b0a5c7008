import { randomUUID } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { JobOrigin } from '@rootcellar/archive';
import { createParamDecorator } from '@nestjs/common';
import type { ExecutionContext } from '@nestjs/common';

/** What is looked at of a request. */
interface Headed {
  readonly headers: IncomingHttpHeaders;
}

const names = new WeakMap<object, JobOrigin>();

/**
 * What log lines call a request. `requestId` is made here, never taken from outside; `traceId` is the sender's, by which the lines of one
 * command are found, and means nothing beyond that: whoever wants to may send another's.
 */
export function originOf(request: Headed): JobOrigin {
  const known = names.get(request);
  if (known !== undefined) return known;
  const requestId = randomUUID();
  const traceId = traceIdIn(request.headers['traceparent']) ?? requestId.replaceAll('-', '');
  const origin = { requestId, traceId };
  names.set(request, origin);
  return origin;
}

/** Version 00 of https://www.w3.org/TR/trace-context/: nothing else is understood, and zeros are not allowed. */
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

/** @returns undefined for anything that is not exactly of that form */
export function traceIdIn(header: string | readonly string[] | undefined): string | undefined {
  return typeof header === 'string' ? TRACEPARENT.exec(header)?.[1] : undefined;
}

/** As a parameter of a handler: what a job that it asks for carries. */
export const RequestOrigin = createParamDecorator(
  (_: unknown, context: ExecutionContext): JobOrigin =>
    originOf(context.switchToHttp().getRequest<Headed>()),
);
