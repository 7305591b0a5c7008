import type { Principal } from '@rootcellar/archive';
import type { AccountId, Clock, CredentialId, MemberId } from '@rootcellar/model';

/** How long another process may still accept a sign-in that was ended; this process stops at once. */
const RECENT_MS = 3_000;
const KEEP_MAX = 1000;

/** Who a token belongs to, for the moment: an agent that pushes sends dozens of requests a second. */
export class RecentPrincipals {
  readonly #clock: Clock;
  readonly #found = new Map<string, { readonly principal: Principal; readonly untilMs: number }>();

  #ended = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get(tokenHash: Uint8Array): Principal | undefined {
    const found = this.#found.get(keyOf(tokenHash));
    return found !== undefined && this.#clock.monotonicMs() < found.untilMs
      ? found.principal
      : undefined;
  }

  /** Counts sign-ins that ended: who looked one up before must not remember it after. */
  get ended(): number {
    return this.#ended;
  }

  /** @param ended as it was before the principal was looked up */
  remember(tokenHash: Uint8Array, principal: Principal, ended: number): void {
    if (ended !== this.#ended) return;
    if (this.#found.size === KEEP_MAX) this.#found.clear();
    const untilMs = this.#clock.monotonicMs() + RECENT_MS;
    this.#found.set(keyOf(tokenHash), { principal, untilMs });
  }

  forget(credentialId: CredentialId): void {
    this.#forget((principal) => principal.credentialId === credentialId);
  }

  /** Every sign-in of a member: what it may do has changed. */
  forgetMember(memberId: MemberId): void {
    this.#forget(({ membership }) => membership?.memberId === memberId);
  }

  #forget(which: (principal: Principal) => boolean): void {
    this.#ended += 1;
    for (const [key, { principal }] of this.#found) {
      if (which(principal)) this.#found.delete(key);
    }
  }

  /** All sign-ins of an account: some of them ended, or its rights changed. */
  forgetAccount(accountId: AccountId): void {
    this.#ended += 1;
    for (const [key, { principal }] of this.#found) {
      if (principal.accountId === accountId) this.#found.delete(key);
    }
  }
}

function keyOf(tokenHash: Uint8Array): string {
  return Buffer.from(tokenHash).toString('base64');
}
