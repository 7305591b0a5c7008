import type { Actor } from '@rootcellar/archive';
import type { Clock, CredentialId } from '@rootcellar/model';

/** How long another process may still accept a sign-in that was ended; this process stops at once. */
const RECENT_MS = 3_000;
const KEEP_MAX = 1000;

/** Who a token belongs to, for the moment: an agent that pushes sends dozens of requests a second. */
export class RecentActors {
  readonly #clock: Clock;
  readonly #found = new Map<string, { readonly actor: Actor; readonly untilMs: number }>();

  #ended = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(tokenHash: Uint8Array): Actor | undefined {
    const found = this.#found.get(keyOf(tokenHash));
    return found !== undefined && this.#clock.monotonicMs() < found.untilMs
      ? found.actor
      : undefined;
  }

  /** Counts sign-ins that ended: who looked one up before must not remember it after. */
  get ended(): number {
    return this.#ended;
  }

  /** @param ended as it was before the actor was looked up */
  remember(tokenHash: Uint8Array, actor: Actor, ended: number): void {
    if (ended !== this.#ended) return;
    if (this.#found.size === KEEP_MAX) this.#found.clear();
    const untilMs = this.#clock.monotonicMs() + RECENT_MS;
    this.#found.set(keyOf(tokenHash), { actor, untilMs });
  }

  forget(credentialId: CredentialId): void {
    this.#ended += 1;
    for (const [key, { actor }] of this.#found) {
      if (actor.credentialId === credentialId) this.#found.delete(key);
    }
  }
}

function keyOf(tokenHash: Uint8Array): string {
  return Buffer.from(tokenHash).toString('base64');
}
