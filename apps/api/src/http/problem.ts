import { HttpException } from '@nestjs/common';
import { isArchiveError } from '@rootcellar/model';
import type { ErrorKind } from '@rootcellar/model';

/** RFC 9457 problem details with our stable code. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  /** What happened and what it means for the data. */
  readonly detail: string;
  readonly code: string;
  /** What the user can do. */
  readonly hint?: string;
  readonly details?: Readonly<Record<string, unknown>>;
  /** Names the request in the log. */
  readonly requestId: string;
}

export const STATUS_BY_KIND: Readonly<Record<ErrorKind, number>> = {
  invalid: 422,
  unauthenticated: 401,
  forbidden: 403,
  'not-found': 404,
  conflict: 409,
  'too-many': 429,
  corrupt: 422,
  full: 507,
  unavailable: 503,
  interrupted: 503,
  failed: 500,
};

const TITLE_BY_STATUS: Readonly<Record<number, string>> = {
  400: 'The request is malformed',
  401: 'Not signed in',
  403: 'Not allowed',
  404: 'Not found',
  405: 'Not allowed here',
  409: 'In conflict with what is there',
  413: 'Too large',
  415: 'Unknown form of content',
  422: 'Not acceptable as it is',
  429: 'Too many requests',
  500: 'A fault in Rootcellar',
  503: 'Not possible right now',
  507: 'No room left',
};

/** Maps kinds, never codes; what is not an error of ours tells the client nothing but that. */
export function toProblem(error: unknown, requestId: string): Problem {
  if (isArchiveError(error)) {
    // Damage on our side is our failure; damage in what was sent is the sender's.
    const ours = error.kind === 'corrupt' && STORED_DAMAGE.has(error.code);
    const status = ours ? 500 : STATUS_BY_KIND[error.kind];
    return {
      ...problem(status, error.code, error.message, requestId),
      ...(error.hint === undefined ? {} : { hint: error.hint }),
      ...(Object.keys(error.details).length === 0 ? {} : { details: error.details }),
    };
  }
  if (error instanceof HttpException) {
    const status = error.getStatus();
    const code = status === 404 ? 'NOT_FOUND' : status === 413 ? 'TOO_LARGE' : 'INPUT_INVALID';
    // Nest would repeat the address, with whatever secret stands in it.
    const detail = status === 404 ? 'There is nothing at this address.' : messageOf(error);
    return problem(status, code, detail, requestId);
  }
  return problem(
    500,
    'INTERNAL',
    'Something went wrong inside Rootcellar. What was stored before is not touched.',
    requestId,
  );
}

const STORED_DAMAGE = new Set<string>([
  'CHUNK_DAMAGED',
  'PACK_DAMAGED',
  'TREE_DAMAGED',
  'FORMAT_UNKNOWN',
]);

function problem(status: number, code: string, detail: string, requestId: string): Problem {
  const title = TITLE_BY_STATUS[status] ?? 'The request failed';
  return { type: `urn:rootcellar:error:${code}`, title, status, detail, code, requestId };
}

/** The validation pipe gives a list: one sentence per property. */
function messageOf(error: HttpException): string {
  const response = error.getResponse();
  const message =
    typeof response === 'object' && 'message' in response ? response.message : error.message;
  return Array.isArray(message) ? message.join('; ') : String(message);
}
