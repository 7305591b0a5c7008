import { ArchiveError, ERRORS, isArchiveError } from '@rootcellar/model';
import type { ErrorCode } from '@rootcellar/model';
import { errorCode } from '../error-code.js';

/** What a thread answers. Errors keep their code across threads only as plain data. */
export type Answer<T> =
  | { readonly value: T }
  | {
      readonly failure: {
        readonly code: string | undefined;
        readonly message: string;
        readonly hint: string | undefined;
      };
    };

/** A task's result. Bulk bytes are not part of it: they stay in shared memory. */
export interface Done<T> {
  readonly value: T;
}

/** Makes a function fit to run in a worker thread. */
export function task<Input, T>(work: (input: Input) => Done<T>): (input: Input) => Answer<T> {
  return (input) => {
    try {
      return { value: work(input).value };
    } catch (error) {
      const code = errorCode(error);
      if (code === undefined) throw error;
      const hint = isArchiveError(error) ? error.hint : undefined;
      return { failure: { code, message: (error as Error).message, hint } };
    }
  };
}

/** The value of an answer. @throws ArchiveError, or an Error with the code the system gave */
export function valueOf<T>(answer: Answer<T>): T {
  if ('value' in answer) return answer.value;
  const { code, message, hint } = answer.failure;
  if (code !== undefined && Object.hasOwn(ERRORS, code)) {
    throw new ArchiveError(code as ErrorCode, message, hint === undefined ? {} : { hint });
  }
  throw Object.assign(new Error(message), { code });
}
