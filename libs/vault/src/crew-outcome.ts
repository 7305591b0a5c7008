import { isArchiveError } from '@rootcellar/model';

/** What a worker answers: an error keeps its code across threads only as plain data. */
export type Outcome<T> =
  | { readonly ok: true; readonly value: T }
  | {
      readonly ok: false;
      readonly code: string;
      readonly message: string;
      readonly hint: string | undefined;
    };

/**
 * Runs a task's work. Errors that are not
 * ArchiveErrors are faults and cross as they are.
 */
export function attempt<T>(work: () => { readonly value: T }): Outcome<T> {
  try {
    return { ok: true, value: work().value };
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    return { ok: false, code: error.code, message: error.message, hint: error.hint };
  }
}
