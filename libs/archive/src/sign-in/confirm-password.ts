import { ArchiveError } from '@rootcellar/model';
import type { AccountId } from '@rootcellar/model';
import { verifyPassword } from '../people/secrets.js';
import type { AccountCatalog, AccountSecrets } from '../ports/sign-in-catalog.js';
import type { Attempts } from './attempts.js';

/** Somebody who is signed in shows once more that it is they. */
export class ConfirmPassword {
  readonly #accounts: Pick<AccountCatalog, 'findSecrets'>;
  readonly #attempts: Attempts;

  constructor(accounts: Pick<AccountCatalog, 'findSecrets'>, attempts: Attempts) {
    this.#accounts = accounts;
    this.#attempts = attempts;
  }

  /** An account without a password has nothing to show. @throws ArchiveError PASSWORD_WRONG, RATE_LIMITED */
  async execute(accountId: AccountId, password: string | undefined): Promise<AccountSecrets> {
    const secrets = await this.#accounts.findSecrets(accountId);
    if (secrets === undefined) throw new ArchiveError('NOT_FOUND', 'There is no such account.');
    if (secrets.passwordHash === undefined) return secrets;
    const attempt = await this.#attempts.begin('password', { from: accountId, about: accountId });
    if (!(await verifyPassword(password ?? '', secrets.passwordHash))) {
      throw new ArchiveError(
        'PASSWORD_WRONG',
        'This is not the password of the account. Nothing was changed.',
      );
    }
    await attempt.succeeded();
    return secrets;
  }
}
