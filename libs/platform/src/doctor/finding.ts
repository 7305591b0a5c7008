/** `fail`: it does not work, or data is at risk. `warn`: it works, and somebody should see to it. */
export type Level = 'ok' | 'warn' | 'fail';

/** One thing that was looked at. */
export interface Finding {
  /** Stable, for scripts: `database-durable`. */
  readonly id: string;
  readonly level: Level;
  /** What is. */
  readonly what: string;
  /** What follows from it; nothing when all is well. */
  readonly meaning: string | null;
  /** What to do about it. */
  readonly remedy: string | null;
}

/** What is wrong with something, in three sentences. */
export interface Trouble {
  readonly what: string;
  readonly meaning: string;
  readonly remedy: string;
}

export function ok(id: string, what: string): Finding {
  return { id, level: 'ok', what, meaning: null, remedy: null };
}

export function warn(id: string, trouble: Trouble): Finding {
  return { id, level: 'warn', ...trouble };
}

export function fail(id: string, trouble: Trouble): Finding {
  return { id, level: 'fail', ...trouble };
}

const ORDER: readonly Level[] = ['ok', 'warn', 'fail'];

export function worstOf(findings: readonly Finding[]): Level {
  return ORDER[Math.max(0, ...findings.map(({ level }) => ORDER.indexOf(level)))] ?? 'ok';
}
