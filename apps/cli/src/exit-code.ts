import { isArchiveError } from '@rootcellar/model';
import type { ErrorKind } from '@rootcellar/model';

/** What the command's end tells a script. Documented in every command's help. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  partly: 3,
  notFound: 10,
  conflict: 11,
  forbidden: 12,
  corrupt: 20,
  tryAgain: 75,
  interrupted: 130,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

const BY_KIND: Readonly<Record<ErrorKind, ExitCode>> = {
  invalid: EXIT.corrupt,
  unauthenticated: EXIT.forbidden,
  forbidden: EXIT.forbidden,
  'not-found': EXIT.notFound,
  conflict: EXIT.conflict,
  'too-many': EXIT.tryAgain,
  corrupt: EXIT.corrupt,
  full: EXIT.tryAgain,
  unavailable: EXIT.tryAgain,
  interrupted: EXIT.interrupted,
  failed: EXIT.failed,
};

/** Input that a command line gives wrongly is a usage error; input in a file is corrupt. */
export function exitCodeOf(error: unknown): ExitCode {
  if (isArchiveError(error))
    return error.code === 'INPUT_INVALID' ? EXIT.usage : BY_KIND[error.kind];
  return EXIT.failed;
}

export const EXIT_HELP = `
Exit codes: 0 ok · 1 failed · 2 usage · 3 partly done · 10 not found · 11 conflict · 12 forbidden or not signed in ·
20 corrupt input or data · 75 try again · 130 interrupted`;
