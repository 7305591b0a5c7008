import { ERRORS } from './errors.js';
import type { ErrorCode } from './errors.js';

/** What the caller can do about an error. Each edge (HTTP, command, queue) maps kinds, never codes. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not-found'
  | 'conflict'
  | 'too-many'
  | 'corrupt'
  | 'full'
  | 'unavailable'
  | 'interrupted'
  | 'failed';

/** Facts for programs: counts, sizes, ids, positions. Never names of files, people or secrets. */
export type ErrorDetails = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export interface ArchiveErrorOptions {
  readonly cause?: unknown;
  readonly details?: ErrorDetails;
  /** One sentence: what the user can do. */
  readonly hint?: string;
}

/**
 * Every error a user can reach. `message` says what happened and what it means for the data; `code` is public API.
 * Anything else that is thrown is a bug.
 */
export class ArchiveError extends Error {
  override readonly name = 'ArchiveError';
  readonly code: ErrorCode;
  readonly details: ErrorDetails;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: ArchiveErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.details = options.details ?? {};
    this.hint = options.hint;
  }

  get kind(): ErrorKind {
    return ERRORS[this.code][0];
  }
}

/** By name, not by prototype: an error may have crossed a worker thread or a second copy of this module. */
export function isArchiveError(
  error: unknown,
  ...codes: readonly ErrorCode[]
): error is ArchiveError {
  if (!(error instanceof Error) || error.name !== 'ArchiveError' || !('code' in error))
    return false;
  return codes.length === 0 || codes.includes(error.code as ErrorCode);
}
