import { ArchiveError } from '@rootcellar/model';
import type { Clock } from '@rootcellar/model';

const MISSES_MAX = 10;
const FORGOTTEN_MS = 10 * 60_000;
const KEEP_MAX = 10_000;

/** Counts wrong guesses of each who guesses, in this process. */
export class Misses<Who> {
  readonly #clock: Clock;
  readonly #counts = new Map<Who, { readonly since: number; readonly misses: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** @throws ArchiveError FORBIDDEN after ten within ten minutes */
  check(who: Who): void {
    if (this.#of(who).misses < MISSES_MAX) return;
    throw new ArchiveError('FORBIDDEN', 'Too many wrong codes. Wait ten minutes.');
  }

  note(who: Who): void {
    const { since, misses } = this.#of(who);
    if (this.#counts.size >= KEEP_MAX) this.#counts.clear();
    this.#counts.set(who, { since, misses: misses + 1 });
  }

  #of(who: Who): { readonly since: number; readonly misses: number } {
    const now = this.#clock.monotonicMs();
    const known = this.#counts.get(who);
    return known === undefined || now - known.since > FORGOTTEN_MS
      ? { since: now, misses: 0 }
      : known;
  }
}
