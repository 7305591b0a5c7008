/** One thing that was looked at, here or in the service; the same form as the API's. */
export interface Finding {
  /** Stable; those of this computer begin with `agent-`. */
  readonly id: string;
  readonly level: 'ok' | 'warn' | 'fail';
  readonly what: string;
  readonly meaning: string | null;
  readonly remedy: string | null;
}

export function ok(id: string, what: string): Finding {
  return { id, level: 'ok', what, meaning: null, remedy: null };
}

export function trouble(
  id: string,
  level: 'warn' | 'fail',
  words: { readonly what: string; readonly meaning: string; readonly remedy: string },
): Finding {
  return { id, level, ...words };
}
