import { isArchiveError } from '@rootcellar/model';
import { move, transferableSymbol, valueSymbol } from 'piscina';

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
 * Runs a task's work. What the work names in `transfer` moves to the caller instead of being copied. Errors that are not
 * ArchiveErrors are faults and cross as they are.
 */
export function attempt<T>(
  work: () => { readonly value: T; readonly transfer?: readonly ArrayBuffer[] },
): Outcome<T> {
  try {
    const { value, transfer = [] } = work();
    const outcome: Outcome<T> = { ok: true, value };
    return move({
      [transferableSymbol]: [...transfer],
      [valueSymbol]: outcome,
    }) as unknown as Outcome<T>;
  } catch (error) {
    if (!isArchiveError(error)) throw error;
    return { ok: false, code: error.code, message: error.message, hint: error.hint };
  }
}
