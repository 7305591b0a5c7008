import { ArchiveError, newId, readableText } from '@rootcellar/model';
import type { Clock, CredentialId } from '@rootcellar/model';
import type { Principal, Scope } from '../ports/people-catalog.js';
import type { TokenCatalog } from '../ports/token-catalog.js';
import { originOf } from './origin-of.js';
import { hashToken, newToken } from './secrets.js';
import { notLeaving, requireScope } from './sign-in.js';

const DAY_MS = 86_400_000;
const DAYS_MAX = 3660;

/** Tokens for machines: named, of a scope, revocable. Told once, stored as a hash. */
export class Tokens {
  readonly #tokens: TokenCatalog;
  readonly #clock: Clock;

  constructor(tokens: TokenCatalog, clock: Clock) {
    this.#tokens = tokens;
    this.#clock = clock;
  }

  /** For the household of the sign-in that asks. @throws ArchiveError SCOPE_TOO_NARROW, INPUT_INVALID, MEMBER_LEAVING */
  async create(
    principal: Principal,
    wanted: { readonly name: string; readonly scope: Scope; readonly expiresAt: Date | undefined },
  ): Promise<{ readonly id: CredentialId; readonly token: string }> {
    const { accountId, scope, membership } = principal;
    requireScope(scope, wanted.scope);
    if (membership !== undefined) notLeaving(membership);
    this.#checkTime(wanted.expiresAt);
    const token = newToken();
    const id = newId<CredentialId>(this.#clock);
    await this.#tokens.create(
      {
        ...{ id, accountId, memberId: membership?.memberId },
        ...{ kind: 'token', scope: wanted.scope, tokenHash: hashToken(token) },
        name: readableText(wanted.name, 100, 'token'),
      },
      wanted.expiresAt,
      originOf(principal),
    );
    return { id, token };
  }

  /** One's own; an administrator those of the household too. @throws ArchiveError NOT_FOUND */
  async revoke(principal: Principal, id: CredentialId): Promise<void> {
    if (await this.#tokens.revoke(principal, id)) return;
    throw new ArchiveError('NOT_FOUND', 'There is no such token, or it is not yours.', {
      hint: '`rootcellar token list` shows them.',
    });
  }

  #checkTime(expiresAt: Date | undefined): void {
    if (expiresAt === undefined) return;
    const left = expiresAt.getTime() - this.#clock.now().getTime();
    if (!(left > 0 && left <= DAYS_MAX * DAY_MS))
      throw new ArchiveError('INPUT_INVALID', 'A token ends in the future, within ten years.');
  }
}
