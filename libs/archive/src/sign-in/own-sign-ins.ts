import { ArchiveError } from '@rootcellar/model';
import type { AccountId, Clock, CredentialId } from '@rootcellar/model';
import type { AccountCatalog, OwnSignIn } from '../ports/sign-in-catalog.js';

/** Where somebody is signed in, and an end to it. */
export class OwnSignIns {
  readonly #accounts: Pick<AccountCatalog, 'signIns' | 'endSignIn'>;
  readonly #clock: Clock;

  constructor(accounts: Pick<AccountCatalog, 'signIns' | 'endSignIn'>, clock: Clock) {
    this.#accounts = accounts;
    this.#clock = clock;
  }

  async list(accountId: AccountId): Promise<readonly OwnSignIn[]> {
    return this.#accounts.signIns(accountId, this.#clock.now());
  }

  /** @throws ArchiveError NOT_FOUND, also for somebody else's */
  async end(accountId: AccountId, id: CredentialId): Promise<void> {
    if (!(await this.#accounts.endSignIn(accountId, id)))
      throw new ArchiveError('NOT_FOUND', 'There is no such sign-in.');
  }
}
