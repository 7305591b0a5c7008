import { ApiError } from '@rootcellar/client';
import { ArchiveError, ERRORS, isArchiveError } from '@rootcellar/model';
import type { ErrorCode, ErrorDetails } from '@rootcellar/model';
import { errorCode } from './error-code.js';

/** What a request failed with, in our words. Faults of ours stay what they are. */
export function toArchiveError(error: unknown, signal: AbortSignal): unknown {
  if (isArchiveError(error)) return error;
  if (signal.aborted) return interrupted();
  if (error instanceof ApiError) return refusal(error);
  for (const code of codesOf(error)) {
    if (AWAY.has(code)) {
      return new ArchiveError('SERVER_UNREACHABLE', 'The service does not answer.', {
        cause: error,
        hint: 'Is it running? `--server` says where it is; what was sent before is kept, run the command again.',
      });
    }
    if (NOT_OURS.test(code)) return stranger(error, code);
  }
  return error;
}

/** As {@link toArchiveError}, of what came while an answer was read: JSON that is none comes from another program, or a proxy. */
export function requestFailure(error: unknown, signal: AbortSignal): unknown {
  const failure = toArchiveError(error, signal);
  return failure instanceof SyntaxError ? stranger(failure, 'no JSON') : failure;
}

export function interrupted(): ArchiveError {
  return new ArchiveError('INTERRUPTED', 'Interrupted.');
}

/** @throws ArchiveError INTERRUPTED once the user stopped the command */
export function throwIfStopped(signal: AbortSignal): void {
  if (signal.aborted) throw interrupted();
}

function refusal(error: ApiError): ArchiveError {
  const { code, detail, hint, details } = error.problem;
  const known: ErrorCode = Object.hasOwn(ERRORS, code) ? (code as ErrorCode) : 'INTERNAL';
  const request = known === 'INTERNAL' ? requestOf(error.problem) : undefined;
  return new ArchiveError(known, detail, {
    cause: error,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details: details as ErrorDetails }),
    ...request,
  });
}

/** A fault of the service: what it calls the request in its log, so that somebody can look there. */
function requestOf({
  requestId,
  details,
}: ApiError['problem']): { readonly hint: string; readonly details: ErrorDetails } | undefined {
  if (requestId === undefined || !REQUEST_ID.test(requestId)) return undefined;
  return {
    hint: `The log of the service says more about request ${requestId}.`,
    details: { ...(details as ErrorDetails | undefined), requestId },
  };
}

const REQUEST_ID = /^[\w-]{1,64}$/;

function stranger(cause: unknown, what: string): ArchiveError {
  return new ArchiveError(
    'PROTOCOL_BROKEN',
    `What answers there is not a Rootcellar service, or its certificate is not trusted (${what}). Nothing was sent to it.`,
    { cause, hint: 'Look at `--server`: name, port, and http:// or https://.' },
  );
}

/** Of Node and of undici, which `fetch` is. */
const AWAY = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'ERR_STREAM_PREMATURE_CLOSE',
]);
/** TLS, certificates (OpenSSL's X509_V_ERR names), and the HTTP parser. */
const NOT_OURS =
  /^(EPROTO|ERR_(SSL|TLS)_|CERT_|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_|HPE_|UND_ERR_(INVALID|RESPONSE))/;

function* codesOf(error: unknown): Generator<string> {
  for (let at = error; typeof at === 'object' && at !== null; at = causeOf(at)) {
    const code = errorCode(at);
    if (code !== undefined) yield code;
    // Each address of a name was tried.
    if ('errors' in at && Array.isArray(at.errors))
      for (const one of at.errors) yield* codesOf(one);
  }
}

function causeOf(error: object): unknown {
  return 'cause' in error ? error.cause : undefined;
}
